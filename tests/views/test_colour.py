"""Images in colour go the whole way: every layer, question and figure of images shows them as they are."""

import base64
import json

import numpy as np
import plotly.graph_objects as go
import pytest

from playground import Experiment, Run
from playground.engine.hosting.camera import Camera
from playground.families import FAMILIES
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.views import VIEWS, layers, layouts
from playground.views.common.images import SIDE
from playground.views.common.sharpness import energy
from playground.views.latent.compare_with_gan import album

SHAPE = (5, 4, 3)
"""Whose height, width and channels are all different."""


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (100, *SHAPE), dtype=np.uint8)


@pytest.fixture(scope="module", params=FAMILIES)
def run(request, images) -> Run:
    return Run(Experiment(family=request.param, dataset=images, steps=5, labels=np.arange(100) % 3))


@pytest.fixture(scope="module")
def vae(images) -> Scene:
    return Scene(Run(Experiment(family="vae", dataset=images, steps=5)))


def values(piece: dict) -> np.ndarray:
    """The images of a piece in −1 … 1: (times · n, h, w, 3)."""
    flat = np.frombuffer(base64.b64decode(piece["values"]), np.uint8)
    assert piece["channels"] == 3
    return flat.reshape(-1, piece["height"], piece["width"], 3) / 127.5 - 1


def tiles_of(layers) -> list[dict]:
    parts = [part for layer in layers.values() for part in (layer if isinstance(layer, list) else [layer])]
    return [part for part in parts if part["type"] == "tiles"]


@pytest.mark.parametrize("whole", [False, True])
def test_every_layer_shows_them(run, whole):
    model = FAMILIES[run.experiment.family]
    for layout in layouts(model, "images"):
        camera = Camera(Scene(run, ViewState(layers=frozenset(layers(model)), layout=layout)))
        while not camera.prepared:
            camera.prepare()
        frame = camera.frame(run.snapshot(), whole=whole, state="paused")
        json.dumps(frame, allow_nan=False)
        shown = tiles_of(frame["layers"])
        assert shown or layout != "tiles"
        for part in shown:
            assert values(part).shape == (max(1, len(part["times"])) * part["n"], *SHAPE)
        assert np.isfinite(list(camera.measure_charts().values())).all()


def test_albums_are_the_data(run):
    scene = Scene(run)
    piece = VIEWS["data"].draw(VIEWS["data"].measure(scene, True))
    wanted = scene.data[: SIDE**2].reshape(-1, *SHAPE)
    assert np.allclose(values(piece), wanted, atol=1 / 127)


def test_what_is_asked_of_the_latent_space_is_in_colour(vae):
    pointed = answer(vae, {"ask": "decode_image", "x": [0.5, 0.5]})
    picked = answer(vae, {"ask": "images_between", "x": [1, 1], "first": [-1, 2]})
    for told in (pointed, picked):
        coloured = [part for part in tiles_of(told["layers"]) if part["channels"] == 3]
        assert coloured
        assert all(values(part).shape[1:] == SHAPE for part in coloured)
    assert len(answer(vae, {"ask": "sample", "n": 3})["samples"][0]) == np.prod(SHAPE)


def test_gradient_energy_is_that_of_the_channels(rng):
    x = rng.normal(size=(5, np.prod(SHAPE)))
    channels = [energy(x.reshape(5, *SHAPE)[..., c].reshape(5, -1), SHAPE[:2]) for c in range(3)]
    assert energy(x, SHAPE) == pytest.approx(np.mean(channels))


def test_figures_show_them_as_they_are(rng):
    images = rng.uniform(-1.2, 1.2, (4, *SHAPE))
    trace = album(images)
    assert isinstance(trace, go.Image)
    shown = np.array(trace.z)
    assert shown.shape == (10, 8, 3)
    assert np.abs(shown[5:, :4] - np.clip(images[2] + 1, 0, 2) * 127.5).max() <= 0.5
    assert isinstance(album(images[..., 0]), go.Heatmap)
