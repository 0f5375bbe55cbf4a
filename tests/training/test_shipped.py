"""What ships is found, small, and good."""

import numpy as np
import pytest

from playground import Experiment
from playground.budget import stage_samples
from playground.data.kinds import kind_of
from playground.engine.hosting.camera import Camera
from playground.families import FAMILIES
from playground.metrics.distances import sliced_wasserstein
from playground.scene import Scene
from playground.scene.perfect import references
from playground.training.checkpoints import FOLDER, SHIPPED, load, named, opening, read, shipped
from playground.views.common.distance import distance_band
from scripts.checkpoints import HISTORY


def kind(name: str) -> str:
    return kind_of(SHIPPED[name].dataset.shape)


MADE = [name for name in SHIPPED if (FOLDER / f"{name}.safetensors").exists()]


def test_every_family_has_its_model():
    assert {experiment.family for experiment in SHIPPED.values()} <= set(FAMILIES)
    assert {file.stem for file in FOLDER.glob("*.safetensors")} <= set(SHIPPED)
    assert {"flow", "gan", "diffusion", "vae"} <= set(MADE)
    assert all(shipped(name) == name for name in MADE if name in FAMILIES)
    assert all(SHIPPED[name].family == name for name in SHIPPED if name in FAMILIES), "what its tab opens on"


def test_all_tabs_open_on_the_same_data():
    """Those of families that ship no model, too."""
    assert len({opening(family).dataset for family in FAMILIES}) == 1
    assert all(opening(family).family == family for family in FAMILIES)


def test_what_ships_is_found_by_its_experiment():
    for name, experiment in ((name, SHIPPED[name]) for name in MADE):
        assert named(Experiment.model_validate_json(experiment.model_dump_json())) == name
        assert named(experiment.model_copy(update={"seed": 7})) is None


def test_what_ships_is_small():
    sizes = {name: (FOLDER / f"{name}.safetensors").stat().st_size for name in MADE}
    assert all(size < (1_000_000 if kind(name) == "images" else 200_000) for name, size in sizes.items())
    assert sum(sizes.values()) < 12_000_000


@pytest.mark.parametrize("name", ["", ".", "nope", "../checkpoints/flow", "./flow", "flow\0", "/etc/passwd", "FLOW"])
def test_nothing_else_ships(name):
    assert shipped(name) is None


@pytest.mark.parametrize("name", MADE)
def test_what_ships_is_good(name):
    """A checkpoint that is stale (the experiment or the model changed since) or broken is caught here: make it anew
    with `python -m playground.checkpoints`."""
    run = load(name)
    assert isinstance(run.experiment, Experiment)
    assert run.experiment == SHIPPED[name]
    assert run.step == run.experiment.total_steps

    samples = run.sample(stage_samples(run.experiment.dataset.shape), seed=1)
    distances = [sliced_wasserstein(samples, data) for data in references(run.experiment.dataset, None)]
    assert np.mean(distances) < 2.5 * distance_band(run.experiment.dataset, None).mean


@pytest.mark.parametrize("name", MADE)
def test_its_history_is_that_of_a_training(name):
    seen = read(name).history
    steps = [entry["step"] for entry in seen]
    assert HISTORY[kind(name)] / 2 <= len(seen) <= 2 * HISTORY[kind(name)]
    assert steps == sorted(set(steps))
    assert steps[-1] == SHIPPED[name].total_steps
    assert all(np.isfinite(list(entry.values())).all() for entry in seen)
    quality = "distance" if kind(name) == "points" or "frechet" not in seen[0] else "frechet"
    assert all({"step", quality} < entry.keys() for entry in seen), "and the losses"
    assert seen[-1][quality] < seen[0][quality]


@pytest.mark.parametrize("name", [name for name in MADE if kind(name) == "points"])
def test_its_history_has_what_the_charts_show(name):
    scene = Scene(load(name))
    scene.renew(whole=True)
    shown = Camera(scene).measure_charts().keys()
    assert all(shown <= entry.keys() for entry in read(name).history), "make it anew"
