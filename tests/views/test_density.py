"""The exact likelihood, seen: on held-out data, and as a map."""

import base64

import numpy as np
import pytest
import torch

from playground import Experiment, Run
from playground.data.canvas import HALF
from playground.engine.camera import Camera
from playground.families import FAMILIES
from playground.scene import Scene, ViewState
from playground.training.run import follow
from playground.views import VIEWS, charts, layers
from playground.views.time.fields import HEAT


@pytest.fixture(scope="module")
def scene() -> Scene:
    run = Run(Experiment(family="normalizing_flow", dataset="two_moons", steps=300, config={"width": 16}))
    for _ in follow(run):
        pass
    return Scene(run)


def test_only_exact_likelihoods_are_shown():
    assert {name for name, family in FAMILIES.items() if "nll" in charts(family)} == {"normalizing_flow"}
    assert {name for name, family in FAMILIES.items() if "density" in layers(family)} == {"normalizing_flow"}
    assert "density" not in layers(FAMILIES["normalizing_flow"], "images")


def test_it_stands_beside_its_floor_in_the_data_s_own_coordinates(scene):
    """An untrained model is the standard normal in the square."""
    nats, floor = VIEWS["nll"].measure(scene)["nll"], VIEWS["nll"].floors(scene)["nll"]
    assert floor == pytest.approx(scene.run.experiment.dataset.distribution.entropy(), abs=0.1)
    assert floor < nats < floor + 0.5
    untrained = Scene(Run(scene.run.experiment))
    x = torch.as_tensor(untrained.data[:1024])
    expected = x.square().sum(1).mean() / 2 + np.log(2 * np.pi) - 2 * np.log(scene.run.normalizer.scale)
    assert VIEWS["nll"].measure(untrained)["nll"] == pytest.approx(float(expected), abs=1e-4)


def test_images_have_no_floor():
    scene = Scene(Run(Experiment(family="normalizing_flow", dataset="digits", steps=5)))
    assert VIEWS["nll"].floors(scene) == {}
    assert np.isfinite(VIEWS["nll"].measure(scene)["nll"])


def test_the_map_is_the_density_and_integrates_to_one(scene):
    measured = VIEWS["density"].measure(scene, whole=True)
    density = measured["density"]
    assert density.shape == (HEAT, HEAT)
    assert float(density.sum()) * (2 * HALF / HEAT) ** 2 == pytest.approx(1, abs=0.01)
    cells = np.floor((scene.data + HALF) / (2 * HALF) * HEAT).astype(int)
    assert density[cells[:, 1], cells[:, 0]].mean() > 5 / (2 * HALF) ** 2, "much of it is where the data are"
    drawn = VIEWS["density"].draw(measured)
    assert len(base64.b64decode(drawn["values"])) == HEAT**2


def test_it_is_measured_only_for_those_who_look(scene):
    camera = Camera(Scene(scene.run, ViewState(layers=frozenset({"density"}))))
    assert "density" in camera.frame(scene.run.snapshot())["layers"]
    camera = Camera(Scene(scene.run, ViewState()))
    assert "density" not in camera.frame(scene.run.snapshot())["layers"]
    assert "density" not in camera.frame(scene.run.snapshot(), whole=True)["layers"]
