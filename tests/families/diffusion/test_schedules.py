"""Schedules of noise are those of their papers, in closed form."""

import math

import numpy as np
import pytest
import torch

from playground.families.diffusion.schedules import (
    P_MEAN,
    P_STD,
    SCHEDULES,
    Level,
    alpha_sigma,
    clock,
    cosine,
    linear,
    log_snr,
    log_snr_rate,
    preserve,
    sigmoid,
    training_log_snr,
)
from tests.families.diffusion.models import DOUBLE, TIMES, make, normal


def test_the_page_and_the_paper_count_in_opposite_ways():
    assert torch.equal(clock(torch.tensor([0.0, 0.25, 1.0])), torch.tensor([1.0, 0.75, 0.0]))
    assert torch.equal(clock(torch.tensor([0.0, 1.0]), noise_end=0.5), torch.tensor([0.5, 0.0]))


def test_schedules_go_from_noise_to_data(schedule):
    level = log_snr(schedule, TIMES)
    alpha, sigma = alpha_sigma(level)
    assert (level.diff() > 0).all()
    assert torch.allclose(alpha**2 + sigma**2, torch.ones(101, dtype=DOUBLE))
    assert float(sigma[0] / alpha[0]) == pytest.approx(80), "1% of the data is left, which can't be seen"
    assert float(sigma[-1] / alpha[-1]) == pytest.approx(0.002), "less noise than a pixel"
    assert torch.allclose(log_snr(schedule, TIMES.float()).double(), level, rtol=1e-4), (
        "single times are precise enough"
    )
    assert log_snr(schedule, TIMES.float()).dtype == torch.float32


def test_linear_is_that_of_a_thousand_steps():
    """Ho et al.: β from 1e-4 to .02. Theirs are not infinitely small: some per cent at the noise end."""
    alpha_bar = (1 - torch.linspace(1e-4, 0.02, 1000, dtype=DOUBLE)).cumprod(0)
    steps = torch.tensor([50, 100, 300, 500, 700, 999])
    ours = linear((steps.double() + 1) / 1000).sigmoid()
    assert torch.allclose(ours, alpha_bar[steps], rtol=0.12)


def test_cosine_and_sigmoid_are_their_formulas():
    u = np.array([0.01, 0.1, 0.3, 0.5, 0.9, 0.99])

    def f(u):
        return np.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2

    def g(u):
        return 1 / (1 + np.exp(-(6 * u - 3)))

    wanted = {cosine: f(u) / f(0), sigmoid: (g(1) - g(u)) / (g(1) - g(0))}
    for curve, alpha_bar in wanted.items():
        assert np.allclose(curve(torch.from_numpy(u)).sigmoid(), alpha_bar)


def test_spanned_curves_keep_their_pace():
    """Only the clock is stretched. For the linear schedule, where ∫β = log(1 + σ_EDM²) is a quadratic equation."""
    begin, end = ((math.sqrt(0.01 + 39.8 * math.log1p(sigma**2)) - 0.1) / 19.9 for sigma in (0.002, 80.0))
    u = torch.linspace(0, 1, 11, dtype=DOUBLE)
    assert torch.allclose(SCHEDULES["linear"](u), linear(begin + u * (end - begin)))


def test_edm_is_its_grid():
    n = 18
    i = np.arange(n)
    sigmas = (80 ** (1 / 7) + i / (n - 1) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7
    ours = [Level(value).edm for value in log_snr("edm", torch.linspace(0, 1, n, dtype=DOUBLE)).tolist()]
    assert np.allclose(ours, sigmas)


def test_rates_are_slopes(schedule):
    t, h = TIMES[5:-5], 1e-6
    slopes = (log_snr(schedule, t + h, 0.8) - log_snr(schedule, t - h, 0.8)) / (2 * h)
    assert torch.allclose(log_snr_rate(schedule, t, 0.8), slopes, rtol=1e-5)


@pytest.mark.parametrize("value", [-9.0, 0.0, 3.0, 12.0])
def test_a_level_is_one_in_numbers_and_tensors(value):
    at, (alpha, sigma) = Level(value), alpha_sigma(torch.tensor([value], dtype=DOUBLE))
    assert (at.alpha, at.sigma) == pytest.approx((float(alpha), float(sigma)))
    assert (math.cos(at.angle), math.sin(at.angle)) == pytest.approx((at.alpha, at.sigma))
    assert at.edm == pytest.approx(at.sigma / at.alpha)


def test_preserve_is_the_same_point_in_other_units():
    x0, noise, at = normal(5, 2), normal(5, 2, seed=1), Level(-3.0)
    assert torch.allclose(preserve(x0 + at.edm * noise, at.edm), at.alpha * x0 + at.sigma * noise)


def test_training_levels(schedule):
    p = (torch.arange(100_000, dtype=DOUBLE) + 0.5) / 100_000
    level = training_log_snr(schedule, p)
    if schedule == "edm":
        log_sigma = -level / 2
        assert float(log_sigma.mean()) == pytest.approx(P_MEAN, abs=0.01)
        assert float(log_sigma.std()) == pytest.approx(P_STD, abs=0.01)
    else:
        assert torch.allclose(level, log_snr(schedule, 1 - p))
    for end in (1.0, 0.4):
        level = training_log_snr(schedule, p, end)
        low, high = log_snr(schedule, torch.tensor([0.0, 1.0], dtype=DOUBLE), end)
        assert ((level >= low - 1e-9) & (level <= high + 1e-9)).all(), "none that sampling never sees"


def test_signal_left(schedule):
    left = [make(noise_schedule=schedule, noise_end=end).signal_left() for end in (1.0, 0.7, 0.3)]
    assert left == sorted(left)
    assert left[0] < 0.02 < left[2]
    model = make(noise_schedule=schedule, noise_end=0.3)
    assert float(model.noised(torch.ones(1, 2), torch.zeros(1, 2), torch.zeros(1))[0, 0]) == pytest.approx(left[2])
