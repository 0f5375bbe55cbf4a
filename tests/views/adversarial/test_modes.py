"""Modes are counted and regions covered where they are, beside what data score."""

import numpy as np
import pytest

from playground import Experiment
from playground.data.distributions import Modes
from playground.engine.hosting.camera import Camera
from playground.metrics.mode_coverage import CEILING, score
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.views import VIEWS
from playground.views.adversarial.modes import MOST, known
from tests.views.adversarial.games import game
from tests.views.floors import about


def on_modes(scene: Scene, held: list[int]) -> None:
    """Put the samples exactly on some of the modes, evenly."""
    means = known(scene.run.experiment.dataset).modes.means[np.resize(held, len(scene.final_samples))]
    scene.final_samples = scene.samples = scene.run.normalizer.to_canvas(means).astype(np.float32)


def test_lost_modes_are_counted_marked_and_numbered():
    scene = game()
    on_modes(scene, [0, 1, 2, 5])
    assert VIEWS["modes"].measure(scene) == {"modes": 4}
    assert VIEWS["quality"].measure(scene) == {"quality": 1}
    lost = VIEWS["lost"].draw(VIEWS["lost"].measure(scene, True))
    assert lost["texts"] == [f"mode {i}: no samples" for i in (4, 5, 7, 8)]
    assert VIEWS["divergence"].measure(scene)["divergence"] == pytest.approx(np.log(2 / CEILING), rel=1e-3)


def test_a_mode_with_samples_beside_it_is_missed_but_not_lost():
    scene = game()
    on_modes(scene, list(range(8)))
    off = scene.final_samples[0::8] * 0.9
    scene.final_samples[0::8] = off
    assert VIEWS["lost"].draw(VIEWS["lost"].measure(scene, True))["texts"] == ["mode 1: only samples beside it"]


def test_known_modes_have_the_ceiling_of_a_gaussian_and_the_detector_finds_those_of_drawings():
    rng = np.random.default_rng(0)
    blobs = [rng.normal((x, y), 0.1, (150, 2)) for x, y in ((-2, -2), (2, -2), (0, 2))]
    drawn = Experiment(dataset=np.concatenate(blobs)).dataset
    assert len(known(drawn).modes.weights) == 3
    assert 0.95 < known(drawn).ceiling <= 1
    ring = Experiment(dataset="ring").dataset
    assert VIEWS["modes"].floors(about(ring)) == {"modes": 8}
    quality = VIEWS["quality"].floors(about(ring))
    assert quality["quality_low"] < CEILING < quality["quality_high"]
    assert quality["quality"] == pytest.approx(CEILING, abs=0.002)
    assert len(known(Experiment(dataset="smiley").dataset).modes.weights) <= MOST


MODES, REGIONS = {"modes", "quality", "divergence"}, {"coverage", "crowding"}
LAYER = {"lost"}


@pytest.mark.parametrize(
    ("dataset", "shown", "absent"), [("ring", MODES, REGIONS), ("circles", REGIONS, MODES), ("heart", REGIONS, MODES)]
)
def test_modes_are_counted_where_there_are_some_and_regions_covered_elsewhere(dataset, shown, absent):
    """A curve has no modes: a blob in the middle of a circle would score as well as the circle."""
    scene = game(dataset)
    scene.see(ViewState(layers=frozenset({"lost"}), layout="overlay"))
    camera = Camera(scene)
    while not camera.prepared:
        camera.prepare()
    frame = camera.frame(scene.run.snapshot(), whole=True)
    floors = answer(scene, {"ask": "floors"})["floors"]
    for told in (frame["scalars"], floors):
        assert shown <= told.keys()
        assert not absent & told.keys()
    assert set(answer(scene, {"ask": "constants"})["absent"]) == absent | (LAYER if absent == MODES else set())
    assert all(floors[f"{name}_low"] <= floors[name] <= floors[f"{name}_high"] for name in shown - {"modes"})
    assert bool(frame["layers"]["lost"]) == (dataset == "ring")


def test_coverage_and_density_tell_samples_that_are_lost_from_samples_of_the_data():
    scene = game("circles")
    floors = {name: VIEWS[name].floors(scene) for name in REGIONS}
    scene.final_samples = scene.fresh(len(scene.final_samples), seed=77)
    for name in REGIONS:
        found = VIEWS[name].measure(scene)[name]
        margin = 0.03 * floors[name][name]
        assert floors[name][f"{name}_low"] - margin <= found <= floors[name][f"{name}_high"] + margin
    scene.final_samples = scene.final_samples.clip(min=0)  # a quarter of the circles
    assert VIEWS["coverage"].measure(scene)["coverage"] < 0.6 * floors["coverage"]["coverage"]
    scene.final_samples = 0 * scene.final_samples  # in the middle, where no data are
    assert VIEWS["crowding"].measure(scene)["crowding"] == VIEWS["coverage"].measure(scene)["coverage"] == 0


@pytest.mark.parametrize("name", ["ring", "grid"])
def test_the_floor_of_the_balance_is_what_data_score(name):
    dataset = Experiment(dataset=name).dataset
    modes: Modes = known(dataset).modes
    found = [score(dataset.distribution.sample(1500, np.random.default_rng(s))[0], modes) for s in range(20)]
    mean = np.mean([one.reverse_kl_with_off for one in found])
    assert mean == pytest.approx(VIEWS["divergence"].floors(about(dataset))["divergence"], rel=0.3)
