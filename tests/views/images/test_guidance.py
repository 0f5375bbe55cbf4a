"""Guidance of images, row by row, and what is confused."""

import json

import numpy as np
import pytest
import torch
from tiles import values

from playground import Experiment, Run
from playground.questions import answer
from playground.scene import Scene
from playground.views import VIEWS
from playground.views.images.guidance import ROWS, guided_as, spread


def test_a_model_is_asked_for_a_class(flow):
    asked = guided_as(flow.model, 3, 2.0)
    assert (asked.label, asked.config.guidance) == (3, 2.0)
    assert flow.model.label is None, "the model itself is not changed"
    assert next(asked.parameters()) is next(flow.model.parameters())


@torch.no_grad()
def test_guidance_stands_row_by_row(flow):
    layer = VIEWS["guidance_grid"]
    shown = layer.draw(layer.measure(flow, True))
    assert shown["n"] == 10 * len(ROWS)
    rows = values(shown)[0].reshape(len(ROWS), 10, 64)
    assert np.ptp(rows[0], axis=0).max() < 0.02, "without guidance, all classes are the same"
    wanted = guided_as(flow.model, 4, ROWS[2]).trajectory(flow.noise[:1])[-1].numpy().clip(-1, 1)
    assert np.allclose(rows[2, 4], wanted[0], atol=1 / 100)


@pytest.mark.parametrize("figure", ["conditional_accuracy", "confusion"])
@pytest.mark.parametrize("family", ["flow", "diffusion"])
def test_figures_of_classes(family, figure):
    run = Run(Experiment(family=family, dataset="digits", steps=2))
    run.advance()
    plot = json.loads(answer(Scene(run), {"ask": "plot", "figure": figure})["plot"])
    if figure == "confusion":
        assert np.allclose(np.sum(plot["data"][0]["z"], axis=1), 1)
    else:
        right, varied = plot["data"]
        assert right["x"] == list(ROWS)
        assert all(0 <= y <= 1 for y in right["y"])
        assert min(varied["y"]) > 0


def test_spread():
    x = np.array([[0.0, 0], [2, 0], [10, 0], [10, 4]])
    assert spread(x, np.array([0, 0, 1, 1])) == pytest.approx(np.sqrt((1 + 1 + 4 + 4) / 4))
