"""What can be seen of a GAN: gradients, signals, and the grid that the generator bends."""

import math

import pytest
import torch
from torch import nn

from playground.families.gan import generator_grid
from playground.families.gan.objectives import OBJECTIVES
from tests.families.draws import normal
from tests.families.gan.models import DOUBLE, numerical, seen_once, tiny


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    "remedies", [{}, {"packing": 3}, {"minibatch_statistics": "on", "spectral_normalisation": "on"}]
)
def test_generator_gradient_against_finite_differences(objective, remedies):
    gan = seen_once(tiny(objective=objective, **remedies)).double()
    x, real = normal(6, 2, dtype=DOUBLE), normal(9, 2, seed=1, dtype=DOUBLE)

    @torch.no_grad()
    def loss(x):
        return float(gan.objective.generator(gan.critic(real).mean(), gan.critic(x)).sum())

    with torch.no_grad():
        found = gan.generator_gradient(x, real)
        without = gan.generator_gradient(x)
    assert torch.allclose(found, -numerical(loss, x), rtol=1e-4, atol=1e-7)
    assert torch.allclose(nn.functional.normalize(found), nn.functional.normalize(without)), "the same direction"


def test_signals_of_a_known_critic():
    """D(x) = x₀: accuracy is the share of pairs in order, ties half; the generator's pull is its loss's slope."""
    gan = tiny(objective="wasserstein")
    gan.critic = lambda x: x[:, 0]
    real, fake = torch.tensor([[1.0, 0], [2, 0], [3, 0]]), torch.tensor([[0.0, 0], [2, 0]])
    signals = gan.signals(real, fake)
    assert signals["accuracy"] == pytest.approx((1 + 1 + 1 + 0 + 0.5 + 1) / 6)
    assert signals["logit_gap"] == pytest.approx(2 - 1)
    assert signals["gradient"] == pytest.approx(1)
    assert gan.boundary(real, fake) == pytest.approx(1.5)
    assert tiny(objective="least_squares").boundary(real, fake) == 0.5
    assert tiny().boundary(real, fake) == 0


def test_the_grid_holds_its_mass():
    """Its columns hold what they say of N(0, 1), and the density of the grid as it is integrates to all of it."""
    z = generator_grid.latent_corners(10, 2)
    line = z[0, :, 0]
    assert torch.equal(z[:, 0, 1], line)
    assert torch.allclose(torch.special.ndtr(line).diff(), generator_grid.masses(10), atol=1e-6)
    fine = generator_grid.latent_corners(100, 2)
    middle = fine[40:61, 40:61]
    centres = (middle[1:, 1:] + middle[:-1, :-1]) / 2
    wanted = torch.exp(-centres.square().sum(-1) / 2) / (2 * math.pi)
    assert torch.allclose(generator_grid.density(fine)[40:60, 40:60], wanted, rtol=0.02)
    turned = fine.flip(1)
    assert torch.allclose(generator_grid.density(turned), generator_grid.density(fine)), (
        "which way around a cell lies does not matter"
    )
    assert torch.allclose(generator_grid.density(3 * fine), generator_grid.density(fine) / 9)


@torch.no_grad()
@pytest.mark.parametrize("latents", [1, 2, 5])
def test_the_warped_grid_is_the_generator_on_the_grid(latents):
    gan = tiny(latents=latents)
    corners, density = gan.generator_grid(6)
    assert corners.shape == (7, 7, 2)
    assert density.shape == (6, 6)
    assert torch.allclose(corners, gan.generate(generator_grid.latent_corners(6, latents)))
    assert density.isfinite().all()
