"""The log-density of continuous normalizing flows, against closed forms and another solver."""

import math

import pytest
import torch

from playground import Experiment, Run
from playground.families.continuous import exact, hutchinson, log_density
from playground.families.diffusion.schedules import alpha_sigma
from playground.families.gaussian import log_standard_normal
from playground.training.likelihood import at_once

MEAN, STD = torch.tensor([0.5, -1.0]), 0.3
"""Of Gaussian data, whose paths are known."""


@pytest.fixture
def x() -> torch.Tensor:
    return torch.randn(300, 2, generator=torch.Generator().manual_seed(0))


@pytest.fixture(params=["flow", "diffusion"])
def model(request):
    """Trained a little, so that the field is no constant."""
    run = Run(Experiment(family=request.param, dataset="two_moons", config={"width": 32, "depth": 2}))
    for _ in range(200):
        run.advance()
    return run.averaged


def gaussian(x: torch.Tensor, mean: torch.Tensor, covariance: torch.Tensor) -> torch.Tensor:
    return torch.distributions.MultivariateNormal(mean, covariance).log_prob(x)


def times(*ends: float, steps: int = 40) -> torch.Tensor:
    return torch.linspace(*ends, steps + 1)


@pytest.mark.parametrize("solver", ["rk4", "dopri5"])
def test_a_linear_flow_makes_a_gaussian(x, solver):
    """dx/dt = A x carries N(0, I) to N(0, M Mᵀ) with M = exp(A)."""
    x, a = x.double(), torch.tensor([[0.4, -1.0], [0.3, -0.7]]).double()
    m = torch.linalg.matrix_exp(a)
    found = at_once(log_density(lambda x, t: x @ a.T, x, times(1, 0), solver=solver))
    assert torch.allclose(found, gaussian(x, torch.zeros(2).double(), m @ m.T), atol=1e-4)


@pytest.mark.parametrize("t", [0.0, 0.3, 0.7, 1.0])
def test_the_exact_field_of_gaussian_data_along_the_straight_path(x, t):
    def field(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        t = t[:, None]
        rate = (t * STD**2 - (1 - t)) / ((1 - t) ** 2 + (t * STD) ** 2)
        return MEAN + rate * (x - t * MEAN)

    x = t * MEAN + (0.3 + 0.7 * (1 - t)) * x
    found = at_once(log_density(field, x, times(t, 0)))
    assert torch.allclose(found, gaussian(x, t * MEAN, ((t * STD) ** 2 + (1 - t) ** 2) * torch.eye(2)), atol=1e-3)


@pytest.mark.parametrize("schedule", ["linear", "cosine", "sigmoid", "edm"])
@pytest.mark.parametrize("t", [0.4, 1.0])
def test_the_exact_denoiser_of_gaussian_data_under_every_schedule(x, t, schedule, monkeypatch):
    run = Run(Experiment(family="diffusion", config={"noise_schedule": schedule, "width": 16}))

    def denoise(x: torch.Tensor, log_snr: torch.Tensor) -> torch.Tensor:
        alpha, sigma = (value[:, None] for value in alpha_sigma(log_snr))
        return MEAN + alpha * STD**2 / ((alpha * STD) ** 2 + sigma**2) * (x - alpha * MEAN)

    monkeypatch.setattr(run.averaged, "_denoise", denoise)
    # The flow is affine. It begins with N(0, I), which is not quite where the data's noising ends.
    (alpha0, alpha), (sigma0, sigma) = alpha_sigma(run.averaged.log_snr(torch.tensor([0.0, t])))
    stretch = torch.hypot(alpha * STD, sigma) / torch.hypot(alpha0 * STD, sigma0)
    mean = alpha * MEAN - stretch * alpha0 * MEAN
    x = mean + stretch * x
    found = at_once(run.averaged.log_density(x, t))
    assert torch.allclose(found, gaussian(x, mean, stretch.square() * torch.eye(2)), atol=5e-3)


def test_the_divergence_is_the_trace_of_the_jacobian(model, x):
    t = torch.full((len(x),), 0.6)
    v, found = exact(model.velocity)(x, t)
    jacobian = torch.autograd.functional.jacobian(lambda x: model.velocity(x, t).sum(0), x)  # (dim, n, dim)
    assert torch.equal(v, model.velocity(x, t))
    assert torch.allclose(found, torch.einsum("ini->n", jacobian), atol=1e-5)


def test_a_probe_estimates_it_without_bias(model, x):
    t = torch.full((len(x),), 0.6)
    signs = 2.0 * torch.randint(0, 2, (400, len(x), 2), generator=torch.Generator().manual_seed(1)) - 1
    estimates = torch.stack([hutchinson(model.velocity, probe)(x, t)[1] for probe in signs])
    _, divergence = exact(model.velocity)(x, t)
    error = (estimates.mean(0) - divergence) / (estimates.std(0) / 20)
    assert 0.8 < error.std() < 1.2


def test_a_probe_estimates_the_log_density(model, x):
    signs = 2.0 * torch.randint(0, 2, (60, len(x), 2), generator=torch.Generator().manual_seed(1)) - 1
    estimates = torch.stack([at_once(model.log_density(x / 2, steps=10, probe=probe)) for probe in signs])
    found = at_once(model.log_density(x / 2, steps=10))
    error = (estimates.mean(0) - found) / (estimates.std(0) / math.sqrt(60))
    assert error.abs().mean() < 1.2


def test_it_agrees_with_adaptive_steps(x):
    run = Run(Experiment(family="flow", dataset="two_moons", config={"width": 32, "depth": 2}))
    for _ in range(200):
        run.advance()
    field = run.averaged.velocity
    adaptive = at_once(log_density(field, x, torch.tensor([1.0, 0.0]), solver="dopri5"))
    assert torch.allclose(at_once(run.averaged.log_density(x)), adaptive, atol=2e-3)


def test_it_is_the_density_of_the_samples(model):
    """Importance weights of the noise itself: −E log p over samples is the entropy that the flow gives noise."""
    z = torch.randn(2000, 2, generator=torch.Generator().manual_seed(3))
    samples = model.trajectory(z, torch.linspace(0, 1, 41))[-1]
    found = at_once(model.log_density(samples))
    at_noise = at_once(model.log_density(z, t=0.0, steps=1))
    assert torch.equal(at_noise, log_standard_normal(z))
    # Change of variables by hand, from the noise's neighbours: det ∂x/∂z.
    h = 1e-2
    moved = [
        model.trajectory(z + sign * h * e, torch.linspace(0, 1, 41))[-1] for e in torch.eye(2) for sign in (1.0, -1.0)
    ]
    columns = torch.stack([(moved[0] - moved[1]) / (2 * h), (moved[2] - moved[3]) / (2 * h)], dim=2)
    by_hand = log_standard_normal(z) - torch.linalg.det(columns).abs().log()
    assert (found - by_hand).abs().median() < 0.02


def test_it_comes_in_pieces(model, x):
    assert len(list(model.log_density(x, steps=7))) == 7


def test_a_field_without_bounds_gives_no_number(x):
    found = at_once(log_density(lambda x, t: x * math.inf, x, times(1, 0)))
    assert not found.isfinite().any()
