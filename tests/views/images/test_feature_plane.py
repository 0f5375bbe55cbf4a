"""The plane of features is fixed by the data, and samples move in it."""

import json

import numpy as np
import pytest
from tiles import values

from playground.data.canvas import HALF
from playground.questions import answer
from playground.views import VIEWS
from playground.views.images.feature_plane import discriminants, placed, plane
from tests.views.images.digits import DIGITS


def test_discriminants_tell_classes_apart():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 200)
    x = rng.normal(size=(600, 5)) * [1, 1, 10, 1, 1]
    x[:, 3] += 6 * (labels == 1)
    x[:, 4] += 6 * (labels == 2)
    axes = discriminants(x, labels)
    assert np.abs(axes[[0, 1, 2]]).max() < 0.1 * np.abs(axes[[3, 4]]).max(), "neither noise nor the widest direction"
    widest = discriminants(x, np.zeros(600, int))
    assert np.abs(widest[2, 0]) > 0.99, "of one class, the widest"


def test_the_plane_of_features_is_fixed_by_the_data(flow):
    found = plane(DIGITS)
    assert np.abs(np.quantile(found.xy, [0.02, 0.98], axis=0)).max() < HALF
    again = placed(flow, found.images.astype(np.float32))
    assert np.allclose(again, found.xy, atol=1e-3)
    middles = np.array([found.xy[found.labels == label].mean(0) for label in range(10)])
    apart = np.linalg.norm(middles[:, None] - middles, axis=-1)[np.triu_indices(10, 1)]
    assert apart.mean() > 2, "classes are apart"


def test_samples_move_in_the_plane_of_features(flow):
    layer = VIEWS["feature_samples"]
    paths, points = layer.draw(layer.measure(flow, True))
    assert points["times"] == paths["times"]
    assert (points["times"][0], points["times"][-1]) == (0, 1)
    live = layer.draw(layer.measure(flow, False))
    assert live["times"] == []
    assert live["n"] == points["n"]


def test_pointing_at_features_shows_what_lies_there(flow):
    place = plane(DIGITS).xy[7].tolist()
    found = answer(flow, {"ask": "images_at", "x": place})
    blue, orange = found["layers"]["images"]
    assert np.allclose(values(blue)[0].reshape(64), plane(DIGITS).images[7], atol=1 / 120)
    assert orange["colour"] == "samples"
    assert "held-out image" in found["says"]
    json.dumps(found, allow_nan=False)
    for wrong in ({"x": None}, {"x": [0, "a"]}, {"x": [0, 0], "t": 2}):
        with pytest.raises(ValueError, match=r"x|t"):
            answer(flow, {"ask": "images_at"} | wrong)
