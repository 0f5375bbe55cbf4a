"""Frames and figures of diffusion: small, made in pieces, with floors that follow the settings."""

import json

import pytest

from playground.engine.hosting.camera import Camera, encode
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.views import LAYOUTS, VIEWS, figures, layers
from tests.views.time.models import measured, untrained


def test_frames_stay_small(smiley):
    run = smiley.run
    for layout in LAYOUTS:
        seen = frozenset(name for name, layer in layers(run.averaged).items() if layer.default_on)
        camera = Camera(Scene(run, ViewState(layers=seen, layout=layout)))
        camera.frame(run.snapshot())
        assert len(encode(camera.frame(run.snapshot()))) < 30_000, layout
        assert len(encode(camera.frame(run.snapshot(), whole=True))) < 700_000, layout


def test_floors_follow_the_settings():
    run = untrained()
    scene = Scene(run)
    first = answer(scene, {"ask": "floors"})
    assert answer(scene, {"ask": "floors"}) == first
    run.edit(label="1")
    second = answer(scene, {"ask": "floors"})
    assert second["edits"] == Camera(scene).frame(run.snapshot())["edits"] == first["edits"] + 1
    assert second["floors"]["distance"] < first["floors"]["distance"]


@pytest.mark.parametrize("name", ["signal", "score_over_time", "quality_against_nfe"])
def test_figures_are_made_in_pieces(name):
    scene = Scene(untrained(sampler_steps=2))
    scene.renew(whole=True)
    assert name in figures(scene.model)
    pieces = sum(1 for _ in VIEWS[name].measure(scene))
    assert pieces >= 1
    figure = measured(VIEWS[name], scene)
    assert json.loads(figure.to_json())["data"]
