"""Latents and their samples keep together, on the way there and back."""

import json

import numpy as np
import pytest
import torch

from playground.questions import answer
from playground.views import VIEWS
from playground.views.adversarial.latents import latents
from tests.views.adversarial.games import game

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
