"""A VAE's latent space: posteriors and their aggregate at true scale, and ways from one code to another."""

import math

import pytest
import torch
from torch import nn
from torch.distributions import Normal

from playground.families.vae import latent_space
from tests.families.draws import normal, seeded
from tests.families.vae.models import LATENTS, VARIANCES, tiny

# Samples, codes and posteriors.


@torch.no_grad()
def test_samples_carry_the_decoders_noise(pca):
    """Samples of the linear model have the covariance W Wᵀ + s² I, which is the data's own."""
    vae, data = pca
    samples = vae.sample(100_000, seeded())
    assert torch.allclose(torch.cov(samples.T), torch.cov(data.T), atol=0.06)


@torch.no_grad()
def test_posteriors_are_at_true_scale(pca):
    """Codes of one point, drawn over and over, spread as the encoder says; for this model, as theory says."""
    vae, data = pca
    mean, std = vae.encode(data[:1])
    z = vae.aggregate(data[:1].expand(50_000, 5), seeded())
    assert torch.allclose(z.mean(0), mean[0], atol=0.01)
    assert torch.allclose(z.std(0), std[0], rtol=0.02)
    assert torch.allclose(std[0], (VARIANCES[LATENTS] / VARIANCES[:LATENTS]).sqrt(), atol=2e-3)


@torch.no_grad()
def test_aggregate_posterior_of_the_exact_model_is_the_prior(pca):
    vae, data = pca
    z = normal(30, LATENTS)
    assert torch.allclose(vae.aggregate_log_prob(z, data), vae.prior_log_prob(z), atol=0.15)
    codes = vae.aggregate(data, seeded())
    assert torch.allclose(torch.cov(codes.T), torch.eye(LATENTS), atol=0.03)


def test_aggregate_density_is_the_brute_force(monkeypatch):
    means, stds, z = normal(40, 2), normal(40, 2, seed=1).exp(), 2 * normal(15, 2, seed=2)
    brute = torch.stack([Normal(means, stds).log_prob(place).sum(1).exp().mean().log() for place in z])
    assert torch.allclose(latent_space.log_aggregate(z, means, stds), brute, atol=1e-4)
    monkeypatch.setattr(latent_space, "CHUNK", 160)
    assert torch.allclose(latent_space.log_aggregate(z, means, stds), brute, atol=1e-4)


@torch.no_grad()
def test_reconstructions_are_decoded_means():
    vae, x = tiny(), normal(9, 2)
    assert torch.equal(vae.reconstruct(x), vae.decode(vae.encode(x)[0]))


def test_active_units_have_means_that_vary():
    means = normal(1000, 3) * torch.tensor([1.0, 0.2, 0.05])
    assert latent_space.active(means).tolist() == [True, True, False]


# Interpolations in the latent space.


def test_straight():
    a, b = normal(3), normal(3, seed=1)
    path = latent_space.linear(a, b, 5)
    assert torch.allclose(path[[0, 2, 4]], torch.stack([a, (a + b) / 2, b]), atol=1e-6)


@pytest.mark.parametrize("dims", [2, 8])
def test_spherical_keeps_its_distance_from_the_middle(dims):
    a, b = normal(dims), 2 * normal(dims, seed=1)
    path = latent_space.spherical(a, b, 9)
    assert torch.allclose(path[[0, -1]], torch.stack([a, b]), atol=1e-5)
    assert torch.allclose(path.norm(dim=1), torch.linspace(float(a.norm()), float(b.norm()), 9), atol=1e-5)
    angles = nn.functional.cosine_similarity(path[1:], path[:-1]).clamp(max=1).acos()
    assert torch.allclose(angles, angles.mean().expand(8), atol=1e-3)


@pytest.mark.parametrize("b", [torch.zeros(2), torch.tensor([-2.0, 0.0]), torch.tensor([1.0, 0.0])])
def test_spherical_without_an_arc_is_straight(b):
    a = torch.tensor([1.0, 0.0])
    assert torch.equal(latent_space.spherical(a, b, 7), latent_space.linear(a, b, 7))


@torch.no_grad()
def test_the_dense_way_goes_around_a_hole():
    """Codes on a half circle of radius 2: the line from end to end crosses the hole, the dense one does not."""
    angles = torch.linspace(0, math.pi, 200)
    means = 2 * torch.stack([angles.cos(), angles.sin()], 1)
    stds = torch.full_like(means, 0.3)
    a, b = means[20], means[-20]
    straight = latent_space.linear(a, b, 24)
    *_, path = latent_space.dense(a, b, 24, means, stds)
    assert torch.equal(path[[0, -1]], torch.stack([a, b]))
    lowest = [float(latent_space.log_aggregate(line, means, stds).min()) for line in (straight, path)]
    assert lowest[1] > lowest[0] + 1
    pieces = path.diff(dim=0).norm(dim=1)
    assert pieces.max() < 3 * pieces.mean(), "without jumps"


@torch.no_grad()
def test_ways_of_the_family():
    vae, x = tiny(latents=3), normal(20, 2)
    a, b = normal(3), normal(3, seed=1)
    for kind in ("linear", "spherical", "dense"):
        for steps in (2, 6):
            found = vae.interpolate(a, b, kind, steps, x)
            assert found.shape == (steps, 3)
            assert torch.allclose(found[[0, -1]], torch.stack([a, b]), atol=1e-5)
    assert torch.equal(vae.interpolate(a, a, "dense", 4, x)[[0, -1]], torch.stack([a, a]))
    with pytest.raises(ValueError, match="needs points"):
        vae.interpolate(a, b, "dense")
