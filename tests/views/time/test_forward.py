"""Adding noise: walks from data to noise have the law of noised data, and can be followed."""

import math

import numpy as np
import pytest
import torch

from playground.families.diffusion.schedules import alpha_sigma, forward_chain
from playground.messages import explain
from playground.questions import answer
from playground.scene import Scene
from playground.views import VIEWS
from playground.views.time.forward import POINTS, TIMES, walks
from tests.views.time.models import measured, untrained


def test_the_forward_chain_has_the_law_of_noised_data():
    """At every level each point is N(α x0, σ²), and two moments are correlated as in a Markov chain."""
    x0 = torch.tensor([[2.0, -1.0]]).expand(20_000, 2)
    level = torch.tensor([4.0, 1.0, -2.0])
    chain = forward_chain(x0, level, torch.Generator().manual_seed(0))
    alpha, sigma = alpha_sigma(level)
    for place, a, s in zip(chain, alpha, sigma, strict=True):
        assert torch.allclose(place.mean(0), a * x0[0], atol=0.03)
        assert torch.allclose(place.std(0), s.expand(2), atol=0.03)
    noise = (chain - alpha[:, None, None] * x0) / sigma[:, None, None]
    wanted = float(alpha[2] / alpha[1] * sigma[1] / sigma[2])
    assert float((noise[1] * noise[2]).mean()) == pytest.approx(wanted, abs=0.03)


def test_walks_go_from_data_to_noise(smiley):
    trajectories = walks(smiley)
    assert trajectories.shape == (len(TIMES), POINTS, 2)
    assert np.abs(trajectories[-1] - smiley.data[:POINTS]).max() < 0.02
    assert trajectories[0].std(0) == pytest.approx([1, 1], abs=0.1)
    assert np.array_equal(walks(smiley), trajectories)


def test_a_point_can_be_followed(smiley):
    trajectories, normalizer = walks(smiley), smiley.run.normalizer
    x = normalizer.from_canvas(trajectories[32, 7]).tolist()
    found = answer(smiley, {"ask": "follow", "x": x, "t": float(TIMES[32])})
    assert found["layers"]["path"]["times"][0] == 0
    assert found["says"].endswith(".")
    came = ", ".join(f"{v:.2f}" for v in normalizer.from_canvas(smiley.data[7])).replace("-", "−")
    assert came in found["says"]


@pytest.mark.parametrize(("noise_end", "warns"), [(1.0, False), (0.3, True)])
def test_a_schedule_that_leaves_signal_is_told(noise_end, warns):
    figure = measured(VIEWS["signal"], Scene(untrained(noise_end=noise_end)))
    assert ("warning" in (figure.layout.meta or {})) == warns
    assert np.diff(figure.data[0].y).min() > 0, "signal grows towards the data"


HOSTILE = [
    {},
    {"x": [0]},
    {"x": [math.nan, 0]},
    {"x": [10**400, 0]},
    {"x": "ab"},
    {"x": [0, 0], "t": -0.1},
    {"x": [0, 0], "t": True},
    {"x": [0, 0], "nope": 1},
]


@pytest.mark.parametrize("given", HOSTILE, ids=repr)
def test_hostile_points_to_follow(smiley, given):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (ValidationError is one)
        answer(smiley, {"ask": "follow"} | given)
    assert explain(caught.value).endswith(".")


def test_far_away_the_nearest_point_is_followed(smiley):
    assert answer(smiley, {"ask": "follow", "x": [1e9, -1e9], "t": 0})["says"]
