"""The pictures of a GAN's game: modes, the discriminator, latents, and the detector while it trains."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from playground import Experiment, Run
from playground.data.distributions import Modes
from playground.engine.hosting.camera import Camera
from playground.lessons.recipes import RECIPES
from playground.metrics.mode_coverage import CEILING, score
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.scene.scene import cell_centres
from playground.training.history import History
from playground.views import VIEWS
from playground.views.adversarial.critic import FAINT, HEAT, LEAST, LONGEST, round_up
from playground.views.adversarial.latents import latents
from playground.views.adversarial.modes import MOST, known, scores

SMALL = {"width": 16, "depth": 2, "batch_size": 64}
COLLAPSE = RECIPES["gan"]["collapse"].experiment.model_copy(update={"steps": 1500})
"""In half the recipe's steps. It is told after 420 of them."""


def about(dataset):
    """As much of a scene as floors look at."""
    return SimpleNamespace(run=SimpleNamespace(experiment=SimpleNamespace(dataset=dataset)))


def game(dataset="ring", steps: int = 3, **config) -> Scene:
    run = Run(Experiment(family="gan", dataset=dataset, steps=200, config=SMALL | config))
    for _ in range(steps):
        run.advance()
    scene = Scene(run, ViewState(layout="latent_map"))
    scene.renew(whole=True)
    return scene


def on_modes(scene: Scene, held: list[int]) -> None:
    """Put the samples exactly on some of the modes, evenly."""
    means = known(scene.run.experiment.dataset).modes.means[np.resize(held, len(scene.final_samples))]
    scene.final_samples = scene.samples = scene.run.normalizer.to_canvas(means).astype(np.float32)


# Modes.


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


# The discriminator.


def drawn_map(scene: Scene):
    with torch.no_grad():
        drawn = VIEWS["critic"].draw(measured := VIEWS["critic"].measure(scene, True))
        return drawn, measured["values"], scene.model.critic(cell_centres(HEAT)).numpy().reshape(HEAT, HEAT)


def test_the_map_of_the_default_objective_is_the_probability_of_being_real():
    drawn, values, logits = drawn_map(game())
    assert np.allclose(values, 1 / (1 + np.exp(-logits)), atol=1e-6)
    reach = max(LEAST, abs(values - 0.5).max())
    assert drawn["middle"] == 0.5
    assert reach <= drawn["high"] - 0.5 <= 2.5 * reach
    ends = {"low": pytest.approx(drawn["low"], rel=0.01), "high": pytest.approx(drawn["high"], rel=0.01)}
    assert drawn["bar"] == {"title": "D(x)", **ends, "words": ["fake", "real"]}


@pytest.mark.parametrize(
    ("values", "span"), [([0.45, 0.55], (0.45, 0.55)), ([0.0, 0.6], (0, 1)), ([0.5], (0.45, 0.55))]
)
def test_a_map_near_a_draw_is_magnified_and_says_so(values, span):
    drawn = VIEWS["critic"].draw({"values": np.resize(values, (2, 2))})
    assert (drawn["low"], drawn["high"]) == pytest.approx(span)


@pytest.mark.parametrize("objective", ["least_squares", "hinge", "wasserstein", "relativistic"])
def test_the_map_of_a_score_is_on_the_scale_of_the_points_around_the_boundary(objective):
    scene = game(objective=objective, gradient_penalty=1)
    drawn, values, logits = drawn_map(scene)
    real, fake = (torch.as_tensor(xy) for xy in (scene.data, scene.samples))
    with torch.no_grad():
        boundary = scene.model.boundary(real, fake)
        reach = max(float((scene.model.critic(xy) - boundary).abs().max()) for xy in (real, fake))
    assert np.allclose(values, logits, atol=1e-6)
    assert drawn["middle"] == pytest.approx(boundary, abs=1e-6)
    assert reach <= drawn["high"] - drawn["middle"] <= 2.5 * reach
    assert drawn["high"] - drawn["middle"] == pytest.approx(drawn["middle"] - drawn["low"])
    assert [drawn["bar"]["low"], drawn["bar"]["high"]] == pytest.approx(
        [drawn["low"], drawn["high"]], rel=0.01, abs=1e-3
    )


def test_a_scale_is_a_round_number():
    assert [round_up(v) for v in (0.011, 0.02, 3, 7, 100)] == pytest.approx([0.02, 0.02, 5, 10, 100])
    assert [round_up(v) for v in (0, float("nan"), float("inf"))] == [1, 1, 1]


@pytest.mark.training
def test_the_arrows_go_where_the_logit_rises_and_shrink_when_it_is_flat():
    scene = game()
    arrows = VIEWS["gradient"].measure(scene, True)
    step = torch.as_tensor(arrows["end"] - arrows["start"], dtype=torch.float32)
    start = torch.as_tensor(arrows["start"])
    with torch.no_grad():
        rise = scene.model.critic(start + 1e-2 * step) - scene.model.critic(start - 1e-2 * step)
        assert (rise > 0).float().mean() > 0.95
        assert float(step.norm(dim=1).max()) <= LONGEST * 1.001
        for p in scene.run.averaged.discriminator.parameters():
            p.mul_(1e-3)
    flat = VIEWS["gradient"].measure(scene, True)
    assert np.hypot(*(flat["end"] - flat["start"]).T).max() < 0.1 * LONGEST
    assert FAINT > 0


def test_a_look_at_the_live_networks():
    scene = game(steps=30)
    assert scene.model is scene.run.averaged
    mean = VIEWS["critic"].measure(scene, True)["values"]
    scene.see(ViewState(weights="current", layers=frozenset({"critic", "gradient", "samples"})))
    frame = Camera(scene).frame(scene.run.snapshot(), whole=True)
    assert {"critic", "gradient", "samples"} == frame["layers"].keys()
    with torch.no_grad():
        assert not np.allclose(mean, VIEWS["critic"].measure(scene, True)["values"])
        assert np.allclose(scene.samples, scene.run.family.generate(latents(scene)).numpy())


# Latents.


@pytest.mark.parametrize("count", [1, 2, 5])
def test_latents_and_their_samples_keep_together(count):
    scene = game(latents=count)
    with torch.no_grad():
        assert np.allclose(scene.model.generate(latents(scene)).numpy(), scene.samples, atol=1e-6)
        measured = VIEWS["latents"].measure(scene, True)
        mesh = VIEWS["generator_grid"].draw(VIEWS["generator_grid"].measure(scene, True))
    assert measured["xy"].shape == (len(scene.samples), 2)
    assert set(measured["labels"]) <= set(range(8))
    assert mesh["type"] == "mesh"


# Questions.


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_latent_is_carried_to_its_output_and_back(count):
    scene = game(latents=count)
    there = answer(scene, {"ask": "generate", "x": [0.5, -0.25], "t": 1.0})
    z = torch.zeros(1, count)
    z[0, : min(2, count)] = torch.tensor([0.5, -0.25])[:count]
    with torch.no_grad():
        x = scene.model.generate(z).numpy()
    own = scene.run.normalizer.from_canvas(x)[0]
    assert f"({own[0]:.2f}, {own[1]:.2f})".replace("-", "−") in there["says"]
    assert there["layers"]["latent"]["panel"] == 1
    back = answer(scene, {"ask": "origin", "x": scene.run.normalizer.from_canvas(scene.final_samples[7]).tolist()})
    assert back["layers"]["origins"]["panel"] == 1
    assert back["layers"]["nearest"]["n"] == back["layers"]["origins"]["n"] > 1
    json.dumps([there, back], allow_nan=False)


def test_the_judgement_of_a_place():
    scene = game()
    found = answer(scene, {"ask": "judge", "x": [0.3, 0.2], "t": 1})
    with torch.no_grad():
        place = torch.as_tensor(scene.run.normalizer.to_canvas(np.array([[0.3, 0.2]])), dtype=torch.float32)
        logit = float(scene.model.critic(place))
    assert f"D(x) = {1 / (1 + np.exp(-logit)):.2f}" in found["says"]
    assert ("real" if logit > 0 else "fake") in found["says"]


def test_the_score_of_a_place_stands_beside_the_boundary():
    says = answer(game(objective="least_squares"), {"ask": "judge", "x": [0.3, 0.2], "t": 1})["says"]
    assert "the line is at +0.50" in says


# The detector.


@pytest.mark.training
def test_the_detector_finds_the_collapse_of_its_recipe_and_offers_remedies():
    """Measured at fixed steps: the same run has the same verdict, whenever frames were sent."""
    verdicts = []
    for frames in (False, True):
        run = Run(COLLAPSE)
        camera = Camera(Scene(run))
        while run.step < 450:
            run.advance()
            camera.monitor()
            if frames and run.step % 50 == 0:
                camera.frame(run.snapshot())
        verdicts.append(camera.alerts)
    assert verdicts[0] == verdicts[1] != {}
    found = verdicts[0]["collapse"]
    assert found["title"] == "Full collapse"
    assert 0 < found["before"] < found["step"] <= 450
    assert found["remedies"]
    for remedy in found["remedies"]:
        assert run.experiment.changed(remedy["changes"]) != run.experiment
    assert camera.frame(run.snapshot())["alerts"] == verdicts[0]


def test_families_without_a_game_are_not_watched(moons):
    camera = Camera(Scene(moons))
    camera.monitor()
    assert "alerts" not in camera.frame(moons.snapshot())


@pytest.mark.training
def test_the_first_remedy_heals_the_collapse():
    """The same run, parted from before it broke: every mode has its share again, and the detector has nothing to say.
    In so few steps many are still beside their modes; tests/claims.py waits for all of the recipe's."""
    history = History(run := Run(COLLAPSE))
    camera = Camera(Scene(run))
    while run.step < 450:
        history.advance(run)
        camera.monitor()
    found = camera.alerts["collapse"]
    other, _ = history.fork(run, found["before"], found["remedies"][0]["changes"]).reach()
    assert 0 < other.step == found["before"]
    camera = Camera(Scene(other))
    while not other.done:
        other.advance()
        camera.monitor()
    assert camera.alerts == {}
    camera.scene.renew(whole=True)
    shares = scores(camera.scene).nearest
    assert shares.min() > 0.5 / 8
    assert shares.max() < 2 / 8
