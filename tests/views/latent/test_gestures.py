"""Gestures in the latent plane: places decode, data show their posteriors, walks and ways between."""

import json
import math

import numpy as np
import pytest
import torch

from playground.messages import explain
from playground.questions import answer, gestures
from tests.views.latent.latents import read, untrained


def test_gestures(eight):
    asked = {(g["gesture"], g["panel"]): g["ask"] for g in gestures(eight.averaged) if "points" in g["kinds"]}
    assert asked == {("hover", 1): "decode", ("hover", 0): "encode", ("drag", 1): "walk", ("click", 0): "between"}


@torch.no_grad()
def test_a_place_decodes_there(seen):
    found = answer(seen, {"ask": "decode", "x": [0.5, -1.0]})
    wanted = seen.model.decode(torch.tensor([[0.5, -1.0]])).numpy()
    assert np.allclose(found["x"], seen.run.normalizer.from_canvas(wanted)[0], atol=1e-4)
    point, noise = found["layers"]["decoded"]
    assert np.allclose(read(point, "xy"), wanted, atol=1e-3)
    assert np.abs(read(noise, "first") - read(noise, "xy")).max() == pytest.approx(float(seen.model.std), abs=1e-3)
    assert "z = (0.50, −1.00) decodes to" in found["says"]
    assert "Nearest class: class " in found["says"]
    assert "A hole" in answer(seen, {"ask": "decode", "x": [4.0, 4.0]})["says"]


@torch.no_grad()
def test_a_datum_shows_its_posterior(seen):
    own_place = seen.run.normalizer.from_canvas(seen.data[3] + 0.01).tolist()
    found = answer(seen, {"ask": "encode", "x": own_place})
    mean, std = seen.model.encode(torch.from_numpy(seen.data[3:4]))
    ellipse = found["layers"]["datum"][1]
    assert (ellipse["type"], ellipse["panel"]) == ("ellipses", 1)
    assert np.allclose(read(ellipse, "xy"), mean, atol=1e-3)
    assert np.abs(read(ellipse, "first") - read(ellipse, "xy"))[0, 0] == pytest.approx(float(std[0, 0]), abs=1e-3)
    assert found["says"].startswith(f"Class {seen.labels[3] + 1} ")
    assert "No data is near" in answer(seen, {"ask": "encode", "x": [0.0, 0.0]})["says"]


@torch.no_grad()
def test_a_walk_goes_at_an_even_pace(seen):
    found = answer(seen, {"ask": "walk", "path": [[0.0, 0.0], [0.1, 0.0], [2.0, 0.0]]})
    assert found["plays"]
    decoded, _, codes, _ = found["layers"]["path"]
    assert (decoded["panel"], codes["panel"]) == (0, 1)
    places = read(codes, "xy")
    assert np.allclose(places[:, 0], np.linspace(0, 2, len(places)), atol=1e-3)
    assert np.allclose(read(decoded, "xy"), seen.model.decode(torch.from_numpy(places).float()), atol=1e-2)
    assert found["says"].startswith("This path is 2.0 long")
    still = answer(seen, {"ask": "walk", "path": [[1.0, 0.0], [1.0, 0.0]]})
    json.dumps(still, allow_nan=False)


def test_two_data_are_joined_by_three_ways(seen):
    first, second = (seen.run.normalizer.from_canvas(seen.data[i]).tolist() for i in (0, 1))
    held = answer(seen, {"ask": "between", "x": first})
    assert "second" in held["says"]
    assert "plays" not in held
    found = answer(seen, {"ask": "between", "x": second, "first": first})
    assert list(found["layers"]) == ["ends", "linear", "spherical", "dense"]
    ends = [[read(found["layers"][kind][2], "xy")[i] for i in (0, -1)] for kind in ("linear", "spherical", "dense")]
    assert np.allclose(ends, ends[:1], atol=1e-3), "all of them begin and end with the same codes"
    same = answer(seen, {"ask": "between", "x": first, "first": first})
    json.dumps(same, allow_nan=False)


PLACE = [0.0, 0.0]


@pytest.mark.parametrize(
    "question",
    [
        {"ask": "decode"},
        {"ask": "decode", "x": [1, math.nan]},
        {"ask": "decode", "x": [1, 2, 3]},
        {"ask": "decode", "x": [1e300, 0]},
        {"ask": "decode", "x": PLACE, "t": 2},
        {"ask": "decode", "x": PLACE, "first": PLACE},
        {"ask": "encode", "x": "here"},
        {"ask": "encode", "x": [math.inf, 0]},
        {"ask": "walk"},
        {"ask": "walk", "path": []},
        {"ask": "walk", "path": [PLACE]},
        {"ask": "walk", "path": [PLACE] * 65},
        {"ask": "walk", "path": [PLACE, [0, None]]},
        {"ask": "walk", "path": "0,0"},
        {"ask": "between"},
        {"ask": "between", "x": PLACE, "first": [1]},
        {"ask": "between", "x": PLACE, "first": 3},
        {"ask": "plot", "figure": "posteriors"},
    ],
    ids=lambda q: repr(q)[:50],
)
def test_hostile_questions(seen, question):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (ValidationError is one)
        answer(seen, question)
    sentence = explain(caught.value) if hasattr(caught.value, "errors") else str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence) < 200


@pytest.mark.parametrize("config", [{"latents": 1}, {"latents": 8}, {"prior": "standard"}, {"beta": 0}], ids=str)
def test_every_model_answers_even_from_far_away(config):
    scene = untrained(**config)
    for place in ([0.0, 0.0], [1e9, -1e9]):
        for question in (
            {"ask": "decode", "x": place},
            {"ask": "encode", "x": place},
            {"ask": "walk", "path": [place, [0.0, 1.0]]},
            {"ask": "between", "x": place, "first": [0.0, 1.0]},
        ):
            json.dumps(answer(scene, question), allow_nan=False)
