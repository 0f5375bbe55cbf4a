"""What a diffusion model regresses on, with which weights, and the least loss that is left."""

import pytest
import torch

from playground.families import ideal
from playground.families.diffusion.schedules import (
    SIGMA_DATA,
    alpha_sigma,
    training_log_snr,
)
from playground.families.diffusion.targets import TARGETS, WEIGHTS, weight
from playground.families.stratified import spread_evenly
from tests.families.diffusion.models import DOUBLE, MEAN, SPREAD, exact, make, normal
from tests.families.draws import seeded


def a_batch(n: int = 64):
    level = torch.linspace(-8, 8, n, dtype=DOUBLE)
    x0, noise, (alpha, sigma) = normal(n, 2), normal(n, 2, seed=1), alpha_sigma(level)
    return x0, noise, level, alpha, sigma, alpha[:, None] * x0 + sigma[:, None] * noise


@pytest.mark.parametrize("name", TARGETS)
def test_targets_and_clean_points_are_inverse(name):
    x0, _, _, alpha, sigma, x = a_batch()
    target, answer = TARGETS[name], normal(64, 2, seed=2)
    assert torch.allclose(target.x0_hat(target.regression_target(x0, x, alpha, sigma), x, alpha, sigma), x0)
    assert torch.allclose(target.regression_target(target.x0_hat(answer, x, alpha, sigma), x, alpha, sigma), answer)


def test_targets_are_what_they_are_called():
    x0, noise, _, alpha, sigma, x = a_batch()
    wanted = {"noise": noise, "data": x0, "velocity": alpha[:, None] * noise - sigma[:, None] * x0}
    for name, value in wanted.items():
        assert torch.allclose(TARGETS[name].regression_target(x0, x, alpha, sigma), value)


def test_edm_is_preconditioned_as_in_its_table():
    """Karras et al., table 1: D(y, σ) = c_skip y + c_out F(c_in y), with y = x0 + σ ε."""
    x0, noise, level, alpha, sigma, x = a_batch()
    edm, answer = (-level / 2).exp()[:, None], normal(64, 2, seed=2)
    y = x0 + edm * noise
    root = (edm**2 + SIGMA_DATA**2).sqrt()
    expected = SIGMA_DATA**2 / root**2 * y + edm * SIGMA_DATA / root * answer
    assert torch.allclose(TARGETS["edm"].x0_hat(answer, x, alpha, sigma), expected)
    assert torch.allclose(TARGETS["edm"].feed(alpha, sigma)[:, None] * x, y / root)
    assert torch.allclose(weight("plain", "edm", level)[:, None], root**2 / (edm * SIGMA_DATA) ** 2)


def test_plain_weights_are_those_of_the_targets():
    """Salimans & Ho, §4: noise's own is SNR, velocity's is SNR + 1, clean data's is 1."""
    level = torch.linspace(-8, 8, 33, dtype=DOUBLE)
    assert torch.allclose(weight("plain", "noise", level), weight("snr", "data", level))
    assert torch.allclose(weight("plain", "velocity", level), weight("snr_plus_one", "data", level))
    assert torch.allclose(weight("plain", "data", level), torch.ones_like(level))
    snr = level.exp()
    assert torch.equal(weight("min_snr", "noise", level), snr.minimum(torch.tensor(5.0)))
    assert torch.equal(weight("truncated_snr", "noise", level), snr.maximum(torch.tensor(1.0)))


@pytest.mark.parametrize("weighting", WEIGHTS)
def test_weighted_losses_are_comparable(weighting):
    """A model that expects the same clean points has the same loss, whatever it answers with."""
    x0 = normal(200, 2)
    losses = []
    for name, target in TARGETS.items():
        model = make(target=name, weighting=weighting)

        def answer(x, log_snr, classes, target=target):
            alpha, sigma = alpha_sigma(log_snr)
            return target.regression_target(x.sin(), x, alpha, sigma)

        model._answer = answer
        losses.append(float(model.loss(x0, seeded())))
    assert losses == pytest.approx([losses[0]] * len(losses), rel=1e-5)


def test_the_least_loss_is_that_of_the_exact_denoiser(schedule):
    """For Gaussian data, Var[x0 | x] = s²σ² / (α²s² + σ²) everywhere."""
    model = exact(noise_schedule=schedule, weighting="min_snr")
    p = (torch.arange(20_000, dtype=DOUBLE) + 0.5) / 20_000
    level = training_log_snr(schedule, p)
    alpha, sigma = alpha_sigma(level)
    variance = SPREAD**2 * sigma**2 / (alpha**2 * SPREAD**2 + sigma**2)
    wanted = float((weight("min_snr", "velocity", level) * variance).mean())
    law = ideal.MixtureDensity(MEAN[None], torch.tensor([SPREAD], dtype=DOUBLE), torch.ones(1, dtype=DOUBLE))
    assert model.loss_floor(law, spread_evenly(2048, 4)) == pytest.approx(wanted, rel=1e-3)
