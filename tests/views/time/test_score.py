"""The exact score: densities, finite data, and what the model was trained on."""

import copy

import numpy as np
import pytest
import torch

from playground.data import DATASETS, NamedSet
from playground.families import ideal
from playground.families.diffusion.schedules import alpha_sigma
from playground.scene import Scene
from playground.views.time.score import noise_error, truth
from tests.views.time.models import untrained


@pytest.mark.parametrize("name", ["eight_gaussians", "unequal_gaussians", "smiley"])
@pytest.mark.parametrize("level", [2.0, -1.0])
def test_exact_denoisers_of_densities(name, level):
    """Tweedie's formula by the gradient of the log density, and against very many points."""
    dataset = NamedSet(name=name)
    run = untrained(name)
    density = truth(Scene(run))
    assert isinstance(density, ideal.MixtureDensity)
    points = torch.as_tensor(
        dataset.normalizer.to_canvas(dataset.distribution.sample(100_000, np.random.default_rng(3))[0])
    )
    alpha, sigma = (v.expand(20) for v in alpha_sigma(torch.tensor(level, dtype=torch.float64)))
    density = ideal.MixtureDensity(density.means.double(), density.sigmas.double(), density.weights.double())
    x = (alpha[:, None] * points[:20] + sigma[:, None] * torch.randn(20, 2, dtype=torch.float64)).requires_grad_()
    exact = ideal.denoise(x, alpha, sigma, density)
    (score,) = torch.autograd.grad(ideal.log_density(x, alpha, sigma, density).sum(), x)
    tweedie = (x + sigma[:, None] ** 2 * score) / alpha[:, None]
    assert torch.allclose(exact, tweedie, atol=1e-6)
    assert torch.allclose(exact, ideal.denoise(x, alpha, sigma, points), atol=0.15)


def test_finite_data_are_a_mixture_without_width():
    data = torch.randn(30, 2, dtype=torch.float64)
    x, alpha, sigma = torch.randn(8, 2, dtype=torch.float64), torch.full((8,), 0.8), torch.full((8,), 0.6)
    points = ideal.MixtureDensity(data, torch.zeros(30), torch.full((30,), 1 / 30))
    wanted = ideal.denoise(x, alpha, sigma, data)
    assert torch.allclose(ideal.denoise(x, alpha, sigma, points), wanted, atol=1e-6)


@pytest.mark.parametrize("name", DATASETS)
def test_a_mixture_is_the_density_it_stands_for(name):
    distribution = NamedSet(name=name).distribution
    gaussians = distribution.gaussians()
    if gaussians is None:
        return
    points = torch.as_tensor(distribution.sample(50, np.random.default_rng(0))[0])
    mixture = ideal.MixtureDensity(*(torch.as_tensor(part) for part in gaussians))
    ours = ideal.log_density(points, torch.ones(50), torch.full((50,), 1e-6), mixture)
    assert np.allclose(ours, distribution.log_density(points), atol=1e-3)


def test_the_truth_is_what_was_trained_on():
    assert isinstance(truth(Scene(untrained())), ideal.MixtureDensity)
    assert torch.equal(truth(Scene(few := untrained(data_points=7))), few.pool)
    one = untrained(label="1")
    assert torch.isin(truth(Scene(one)), one.pool[one.labels == 1]).all()


@torch.no_grad()
def test_the_error_of_the_exact_score_is_none(smiley):
    data = truth(smiley)
    x, t = torch.randn(50, 2), torch.full((50,), 0.5)
    model = copy.copy(smiley.model)
    assert float(noise_error(model, x, t, data).mean()) < 0.3, "a trained model is near"
    model._denoise = lambda x, log_snr: ideal.denoise(x, *alpha_sigma(log_snr), data)
    assert float(noise_error(model, x, t, data).max()) < 1e-4
