"""A VAE's priors: divergences of Gaussians and mixtures against torch.distributions."""

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal, kl_divergence

from playground.families.vae.priors import MixturePrior, StandardPrior
from tests.families.draws import normal, seeded


def test_kl_to_the_standard_prior():
    mean, std = normal(50, 3), normal(50, 3, seed=1).exp()
    found = StandardPrior(3).kl(mean, std, mean)
    assert torch.allclose(found, kl_divergence(Normal(mean, std), Normal(0.0, 1.0)), atol=1e-5)


@pytest.fixture
def mixture() -> MixturePrior:
    torch.manual_seed(4)
    prior = MixturePrior(3, 5)
    with torch.no_grad():
        for parameter in prior.parameters():
            parameter.add_(0.5 * torch.randn_like(parameter))
    return prior.requires_grad_(False)


def by_hand(prior: MixturePrior, dims: int) -> MixtureSameFamily:
    """The mixture's marginal of the first dimensions, by torch.distributions."""
    each = Independent(Normal(prior.means[:, :dims], prior.log_stds[:, :dims].exp()), 1)
    return MixtureSameFamily(Categorical(logits=prior.logits), each)


def test_conditionals_of_a_mixture(mixture):
    z = 2 * normal(100, 3)
    marginals = [by_hand(mixture, dims).log_prob(z[:, :dims]) for dims in (1, 2, 3)]
    assert torch.allclose(mixture.conditionals(z).cumsum(-1), torch.stack(marginals, -1), atol=1e-4)


def test_a_mixture_of_one_standard_gaussian_is_the_standard_prior():
    prior = MixturePrior(3, 1).requires_grad_(False)
    prior.means.zero_()
    prior.log_stds.zero_()
    z = normal(100, 3)
    assert torch.allclose(prior.conditionals(z), StandardPrior(3).conditionals(z), atol=1e-5)


def test_kl_to_a_mixture_by_sampling(mixture):
    """To a mixture there is no closed form, but where all components are one Gaussian, there is."""
    for parameter in (mixture.means, mixture.log_stds):
        parameter.copy_(parameter[:1].expand_as(parameter))
    mean, std = normal(1, 3), normal(1, 3, seed=1).exp()
    z = mean + std * normal(200_000, 3, seed=2)
    wanted = kl_divergence(Normal(mean, std), Normal(mixture.means[0], mixture.log_stds[0].exp()))[0]
    assert torch.allclose(mixture.kl(mean, std, z).mean(0), wanted, rtol=0.02)


def test_samples_of_a_mixture_are_the_mixtures(mixture):
    z = mixture.sample(50_000, seeded())
    other = by_hand(mixture, 3).sample((50_000,))
    assert torch.allclose(z.mean(0), other.mean(0), atol=0.06)
    assert torch.allclose(torch.cov(z.T), torch.cov(other.T), atol=0.15)
