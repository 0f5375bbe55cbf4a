"""Score and velocity against those of a finite data set and of a Gaussian."""

import math

import pytest
import torch
from torch import Tensor

from playground.families import ideal
from playground.families.diffusion.schedules import (
    alpha_sigma,
)
from playground.families.diffusion.targets import TARGETS
from tests.families.diffusion.models import DOUBLE, MEAN, SPREAD, exact, make, normal
from tests.families.draws import seeded


def test_score_is_the_finite_datas(schedule):
    """With the exact denoiser plugged in, against the gradient of the log density of the noised points."""
    model, data = make(noise_schedule=schedule), 1.5 * normal(40, 2)
    t = torch.tensor([0.0, 0.2, 0.5, 0.8, 0.95], dtype=DOUBLE).repeat_interleave(20)
    x = model.noised(data[torch.randint(40, (100,), generator=seeded())], normal(100, 2, seed=1), t).requires_grad_()
    alpha, sigma = (a[:, None] for a in alpha_sigma(model.log_snr(t)))
    log_density = (-(x[:, None] - alpha[:, None] * data).square().sum(2) / (2 * sigma**2)).logsumexp(1)
    (wanted,) = torch.autograd.grad(log_density.sum(), x)
    x = x.detach()
    assert torch.allclose(model.score(x, t, model.exact_denoise(x, t, data)), wanted, rtol=1e-6, atol=1e-6)


def test_a_flow_and_a_diffusion_remember_alike():
    """The exact clean point is the same for x_t = t x1 + (1 − t) ε and, scaled to its circle, for diffusion."""
    data, x, t = normal(30, 2), normal(9, 2, seed=1), torch.full((9,), 0.6, dtype=DOUBLE)
    scale = math.hypot(0.6, 0.4)
    circle = torch.full((9,), 0.6 / scale, dtype=DOUBLE), torch.full((9,), 0.4 / scale, dtype=DOUBLE)
    assert torch.allclose(ideal.denoise(x / scale, *circle, data), ideal.posterior_mean(x, t, 1 - t, data, data))


def test_velocity_is_how_a_gaussian_moves(schedule):
    """The probability flow keeps a point's standard score z: x(t) = α MEAN + spread(t) z, here differentiated."""
    model, z, h = exact(noise_schedule=schedule), normal(9, 2), 1e-6

    def place(t: Tensor) -> Tensor:
        alpha, sigma = (a[:, None] for a in alpha_sigma(model.log_snr(t)))
        return alpha * MEAN + (alpha**2 * SPREAD**2 + sigma**2).sqrt() * z

    for time in (0.01, 0.3, 0.6, 0.99):
        t = torch.full((9,), time, dtype=DOUBLE)
        wanted = (place(t + h) - place(t - h)) / (2 * h)
        assert torch.allclose(model.velocity(place(t), t), wanted, rtol=1e-4, atol=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("target", TARGETS)
def test_what_is_seen_is_finite_at_both_ends(target, schedule):
    model, x = make(target=target, noise_schedule=schedule), normal(20, 2, dtype=torch.float32)
    for time in (0.0, 1.0):
        t = torch.full((20,), time)
        for seen in (model.velocity(x, t), model.score(x, t), model.denoise(x, t), model.log_snr(t)):
            assert seen.isfinite().all()
