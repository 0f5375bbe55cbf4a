"""The exact field of a finite data set against a brute force."""

import math

import numpy as np
import pytest
import torch

from playground.families import ideal
from playground.families.paths import LATEST, STRAIGHT
from playground.solvers import solve
from tests.families.draws import normal, seeded
from tests.families.flow.models import MEAN, SIGMA, gaussian_velocity


def expected(x: torch.Tensor, t: torch.Tensor, data: torch.Tensor) -> torch.Tensor:
    """E[x1 | x_t = x]."""
    t = t.clamp(max=LATEST)
    return ideal.posterior_mean(x, t, 1 - t, data, data)


def brute_force(x, t, data) -> np.ndarray:
    """The formula as it stands, one place at a time, in float64, with differences that do not cancel."""
    x, t, data = (np.asarray(a, dtype=np.float64) for a in (x, t, data))
    out = []
    for place, time in zip(x, t, strict=True):
        logits = -((place - time * data) ** 2).sum(1) / (2 * (1 - time) ** 2)
        weights = np.exp(logits - logits.max())
        out.append(((weights / weights.sum()) @ data - place) / (1 - time))
    return np.stack(out)


@pytest.mark.parametrize(("t", "tolerance"), [(0.0, 1e-5), (0.3, 1e-5), (0.7, 1e-4), (0.9, 1e-3), (0.98, 0.03)])
@pytest.mark.parametrize("n", [1, 2, 500])
def test_ideal_is_the_brute_force(t, tolerance, n):
    data = 2 * normal(n, 2)
    times = torch.full((200,), t)
    x = STRAIGHT.at(normal(200, 2, seed=1), data[torch.randint(n, (200,), generator=seeded())], times)[0]
    wanted = brute_force(x, times, data)
    assert np.abs(STRAIGHT.exact_velocity(x, times, data).numpy() - wanted).max() < tolerance * max(
        1, np.abs(wanted).max()
    )


def test_ideal_in_double_is_exact_up_to_the_latest_time():
    data = 2 * normal(300, 2, dtype=torch.float64)
    times = torch.linspace(0, LATEST, 300, dtype=torch.float64)
    x = STRAIGHT.at(normal(300, 2, seed=1, dtype=torch.float64), data, times)[0]
    wanted = brute_force(x, times, data)
    assert np.allclose(STRAIGHT.exact_velocity(x, times, data), wanted, rtol=1e-6, atol=1e-6)


def test_ideal_begins_at_the_mean():
    data, x = normal(100, 2) + 1, normal(20, 2, seed=1)
    assert torch.allclose(STRAIGHT.exact_velocity(x, torch.zeros(20), data), data.mean(0) - x, atol=1e-5)


def test_ideal_ends_at_the_data():
    """So late that only one data point can be meant, all that is left of the way is done in the time that is left; and
    the last moment is no division by zero."""
    data = torch.tensor([[2.0, 0.0], [-2.0, 1.0], [0.0, -2.0]])
    x = data + 0.01
    for t in (0.95, 0.99, LATEST, 1.0):
        times = torch.full((3,), t)
        assert torch.allclose(expected(x, times, data), data, atol=1e-4)
        left = 1 - min(t, LATEST)
        assert torch.allclose(STRAIGHT.exact_velocity(x, times, data), (data - x) / left, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("t", [0.0, 0.3, 0.6, 0.9])
def test_ideal_of_much_gaussian_data_is_the_gaussian_field(t):
    data = MEAN + SIGMA * normal(100_000, 2)
    times = torch.full((100,), t)
    x = STRAIGHT.at(normal(100, 2, seed=1), MEAN + SIGMA * normal(100, 2, seed=2), times)[0]
    error = STRAIGHT.exact_velocity(x, times, data) - gaussian_velocity(x, times)
    assert float(error.norm(dim=1).median()) < 0.04  # far out, even so many points are few


def test_following_the_ideal_field_lands_on_the_data():
    """Each of the points, and each about as often as the others."""
    angle = torch.arange(8) * math.pi / 4
    data = 3 * torch.stack([angle.cos(), angle.sin()], dim=1)
    times = 1 - torch.logspace(0, -3, 200)
    ends = solve(lambda x, t: STRAIGHT.exact_velocity(x, t, data), normal(2000, 2), times, "rk4")[-1]
    distance, nearest = torch.cdist(ends, data).min(1)
    assert distance.median() < 0.01
    assert (distance < 0.1).float().mean() > 0.98
    assert np.bincount(nearest, minlength=8) == pytest.approx([250] * 8, abs=75)  # five standard deviations


def test_chunks_change_nothing(monkeypatch):
    data, x, t = normal(300, 2), normal(101, 2, seed=1), torch.rand(101, generator=seeded())
    whole = STRAIGHT.exact_velocity(x, t, data)
    for chunk in (1, 300, 1000, 7 * 300):
        monkeypatch.setattr(ideal, "CHUNK", chunk)
        assert torch.allclose(STRAIGHT.exact_velocity(x, t, data), whole, rtol=1e-4, atol=1e-5)
