"""A frame has what it should have, and no more bytes than it may."""

import base64
import json

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

from playground import Experiment, Run
from playground.budget import STAGE_SAMPLES
from playground.data.kinds import kind_of
from playground.engine.hosting.camera import Camera, encode
from playground.families import FAMILIES
from playground.families.capabilities import can
from playground.families.paths import STRAIGHT
from playground.metrics.distances import sliced_wasserstein
from playground.questions import answer
from playground.scene import Scene, ViewState, perfect
from playground.scene.scene import PATHS, cell_centres
from playground.training.run import Snapshot
from playground.views import (
    LAYOUTS,
    VIEWS,
    Chart,
    Figure,
    Layer,
    Monitor,
    Note,
    View,
    charts,
    layers,
    layouts,
    notes,
)
from playground.views.time.fields import ARROWS, HEAT, TIMES

MAX_BYTES = 42_000


def film(run: Run, look: ViewState | None = None) -> Camera:
    return Camera(Scene(run, look))


def everything() -> ViewState:
    return ViewState(layers=frozenset(layers(FAMILIES["flow"])), time=0.5)


def text(frame: dict) -> str:
    assert json.loads(encode(frame)) == json.loads(json.dumps(frame, allow_nan=False))
    return encode(frame)


# The views.


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_says_what_it_is(name):
    view = VIEWS[name]
    assert isinstance(view, View)
    assert sum(isinstance(view, kind) for kind in (Layer, Chart, Figure, Note, Monitor)) == 1
    assert view.title[0].isupper()
    assert view.help.endswith(".")
    assert view.needs is None or any(can(family, view.needs) for family in FAMILIES.values())
    if isinstance(view, Layer):
        assert view.colour in ("data", "samples", "noise", "map", "real", "ink", "bad")
        assert set(view.layouts) <= LAYOUTS.keys()


def test_a_view_needs_a_capability():
    class Nothing:
        """It has the methods, but claims nothing."""

        def velocity(self, x, t): ...

        def encode(self, x): ...

    assert set(layers(Nothing, "points")) == {"data", "samples", "true_density"}
    assert set(charts(Nothing, "points")) == {"loss", "distance", "off_manifold"}
    seen = {"by_class", "nearest_images", "feature_samples", "feature_data"}
    assert set(layers(Nothing, "images")) == {"data", "samples"} | seen
    assert set(layers(FAMILIES["flow"], "points")) == {
        "data",
        "samples",
        "paths",
        "solver_steps",
        "guided",
        "class",
        "source",
        "training",
        "coupling",
        "conditional",
        "field",
        "exact",
        "speed",
        "density",
        "true_density",
    }
    assert set(charts(FAMILIES["flow"], "points")) == {"loss", "distance", "off_manifold", "straightness"}


def test_a_view_is_of_points_or_of_images():
    of_points, of_images = (layers(FAMILIES["flow"], kind) for kind in ("points", "images"))
    assert set(of_points) | set(of_images) == set(layers(FAMILIES["flow"]))
    assert "field" in of_points
    assert "field" not in of_images, "a field in 64 dimensions can't be drawn"
    assert "film" in of_images
    assert set(layouts(FAMILIES["flow"], "points")) == {"overlay", "journey", "memorisation", "guided"}
    assert next(iter(layouts(FAMILIES["gan"], "images"))) == "tiles"


# Live frames.


@pytest.mark.parametrize("look", [ViewState(), everything()], ids=["default", "everything"])
@pytest.mark.parametrize("solver_steps", [10, 100])
def test_live_frames_are_small(look, solver_steps):
    camera = film(Run(Experiment(config={"solver_steps": solver_steps})), look)
    sizes = []
    for _ in range(4):
        camera.scene.run.advance()
        fields = {"run": "12-0123abcd", "state": "training", "message": "", "rate": 1234}
        sizes.append(len(text(camera.frame(camera.scene.run.snapshot(), **fields))))
    assert max(sizes) <= MAX_BYTES


def test_a_live_frame_has_what_is_looked_at(moons):
    camera = film(moons, ViewState(layers=frozenset({"data", "samples", "field", "nope"})))
    first = camera.frame(moons.snapshot(), state="training")
    assert set(first["layers"]) == {"samples", "field"}, "what is constant is asked for"
    assert (first["step"], first["steps"], first["time"]) == (moons.step, moons.experiment.steps, 1)
    assert first["state"] == "training"
    assert not {"normalizer", "floors"} & first.keys()
    assert first["layers"]["samples"]["n"] == STAGE_SAMPLES


@pytest.mark.parametrize("names", [["nope"], ["__class__", "loss", "distance"], ["x" * 32], []])
@pytest.mark.parametrize("whole", [False, True])
def test_unknown_layers_are_harmless(moons, names, whole):
    camera = film(moons, ViewState(layers=frozenset(names)))
    assert camera.frame(moons.snapshot(), whole=whole)["layers"] == {}


@pytest.mark.parametrize("whole", [False, True])
def test_what_nobody_looks_at_is_not_measured(moons, whole, monkeypatch):
    measured = []
    for name, layer in layers(FAMILIES["flow"], "points").items():
        monkeypatch.setattr(
            layer, "measure", lambda scene, whole, name=name: measured.append(name) or {"xy": scene.data}
        )
        monkeypatch.setattr(layer, "draw", lambda measured: {})
    film(moons, ViewState(layers=frozenset({"data", "samples", "training"}))).frame(moons.snapshot(), whole=whole)
    assert measured == ["samples"], "the data is constant, and the training points belong to another layout"


def test_a_whole_frame_has_its_layers_at_all_times(moons):
    frame = film(moons, everything()).frame(moons.snapshot(), whole=True)
    shown = frame["layers"]
    painted = ["samples", "solver_steps", "paths", "class", "coupling", "conditional", "field", "exact", "speed"]
    assert list(shown) == painted, "in the order of painting"
    assert shown["samples"]["n"] == STAGE_SAMPLES
    assert shown["paths"]["n"] == PATHS
    assert shown["samples"]["times"] == shown["paths"]["times"] == [round(i / 10, 4) for i in range(11)]
    assert all(shown[name]["times"] == [round(float(t), 4) for t in TIMES] for name in ("field", "exact", "speed"))
    assert len(base64.b64decode(shown["speed"]["values"])) == len(TIMES) * HEAT**2
    assert len(text(frame)) < 300_000


def test_scalars_that_are_no_numbers_are_left_out(moons):
    frame = film(moons).frame(Snapshot(3, {"loss": float("nan"), "other": float("inf"), "good": 1.23456789}))
    assert frame["scalars"]["good"] == 1.23457
    assert frame["scalars"].keys() == {"good", "distance", "off_manifold", "straightness"}


def test_a_model_that_blew_up_still_makes_a_frame(small):
    run = Run(small(solver="dopri5"))
    for p in run.averaged.parameters():
        p.fill_(torch.nan)
    camera = film(run, everything())
    for whole in (False, True):
        text(camera.frame(run.snapshot(), whole=whole))


# What is measured.


@torch.no_grad()
def test_fields_are_those_of_the_model(scene):
    scene.look = everything()
    places, half = cell_centres(ARROWS), torch.full((ARROWS**2,), 0.5)
    measured = VIEWS["field"].measure(scene, whole=False)
    wanted = scene.model.velocity(places, half).numpy()
    assert np.allclose(measured["values"].reshape(-1, 2), wanted, atol=1e-6)
    exact = VIEWS["exact"].measure(scene, whole=False)["values"].reshape(-1, 2)
    assert np.allclose(exact, STRAIGHT.exact_velocity(places, half, torch.from_numpy(scene.data)), atol=1e-4)
    fast = VIEWS["speed"].measure(scene, whole=True)
    assert fast["values"].shape == (len(TIMES), HEAT, HEAT)
    corner = scene.model.velocity(cell_centres(HEAT)[-1:], torch.tensor([0.5])).norm()
    assert fast["values"][5, -1, -1] == pytest.approx(float(corner), rel=1e-4), "the last cell is at the upper right"


def test_the_distance_and_its_band_are_in_the_datas_own_coordinates(moons):
    scene = Scene(moons)
    scene.renew(whole=True)
    ours = VIEWS["distance"].measure(scene)["distance"]
    samples = moons.normalizer.from_canvas(scene.final_samples)
    data = perfect.references(moons.experiment.dataset, None)
    assert ours == pytest.approx(np.mean([sliced_wasserstein(samples, sample) for sample in data]), rel=1e-4)
    band = VIEWS["distance"].floors(scene)
    fresh = [moons.experiment.data(STAGE_SAMPLES, seed) for seed in (70, 71)]
    assert band["distance_low"] < band["distance"] < band["distance_high"]
    assert band["distance"] == pytest.approx(sliced_wasserstein(*fresh), rel=1)
    assert band["distance"] / 2 < ours < 10 * band["distance"]


@torch.no_grad()
def test_the_floor_of_the_loss(scene):
    """A trained model's loss is a little above it."""
    floor = VIEWS["loss"].floors(scene)["loss"]
    generator = torch.Generator().manual_seed(1)
    losses = [scene.model.loss(scene.run.pool[:8192], generator) for _ in range(10)]
    assert 0.95 < float(torch.stack(losses).mean()) / floor < 1.25


# Charts.


@pytest.mark.parametrize("name", charts(FAMILIES["flow"], "points"))
def test_charts_are_figures_of_scalars_that_exist(name, moons):
    chart = VIEWS[name]
    figure = chart.draw()
    assert isinstance(figure, go.Figure)
    assert go.Figure(json.loads(figure.to_json())) == figure
    camera = film(moons)
    moons_frame = camera.frame(Snapshot(1, {"loss": 1.0}), whole=True)
    floors = answer(camera.scene, {"ask": "floors"})["floors"]
    for trace in figure.data:
        where, _, scalar = trace.meta.partition("@")[0].rpartition(":")
        assert where in ("", "floor")
        if trace.name != "reconstructions":  # of families that make some
            assert scalar in (floors if where else moons_frame["scalars"])


# Verdicts.


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("dataset", ["ring", "digits"])
def test_nothing_is_judged_before_the_first_step(family, dataset):
    """A model that has not trained has lost no modes, and its latents don't sleep."""
    run = Run(Experiment(family=family, dataset=dataset, config={"width": 16, "depth": 2, "batch_size": 16}))
    kind = kind_of(run.experiment.dataset.shape)
    layers_on = frozenset(layers(run.averaged, kind))
    judging = {name for name, view in VIEWS.items() if view.judges and view.suits(run.averaged, kind)}
    for layout in layouts(run.averaged, kind):
        camera = film(run, ViewState(layers=layers_on, layout=layout))
        frame = camera.frame(run.snapshot(), whole=True)
        assert all(frame["layers"][name] == [] for name in judging & frame["layers"].keys())
        assert not frame.get("notes")
        assert not {"modes", "quality", "divergence"} & frame["scalars"].keys()
    run.advance()
    frame = film(run, ViewState(layers=layers_on)).frame(run.snapshot(), whole=True)
    assert set(notes(run.averaged, kind)) == set(frame.get("notes", {}))
    if family == "gan" and kind == "points":
        assert {"modes", "quality", "divergence"} <= frame["scalars"].keys()
        assert frame["layers"]["lost"]["type"] == "marks"


def test_a_figure_that_judges_waits_for_a_trained_model():
    scene = Scene(Run(Experiment(family="vae", dataset="ring")))
    with pytest.raises(ValueError, match="learned nothing yet"):
        answer(scene, {"ask": "plot", "figure": "compare_with_gan"})


def test_pointing_at_an_untrained_model_gives_no_verdict():
    vae, gan = (Scene(Run(Experiment(family=family, dataset="ring"))) for family in ("vae", "gan"))
    assert "learned nothing yet" in answer(vae, {"ask": "decode", "x": [3.0, 3.0]})["says"]
    assert "learned nothing yet" in answer(gan, {"ask": "judge", "x": [0.0, 0.0]})["says"]
