"""A VAE's likelihood, and its bounds, against probabilistic PCA, where everything is known."""

import copy
import math
from itertools import pairwise

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from playground.families.vae.vae import CHUNK, SMALLEST_STD, VAE, VAEConfig
from tests.families.draws import normal, seeded
from tests.families.vae.models import LATENTS, VARIANCES, gaussian_data, greatest_likelihood, linear, tiny, train

# Linear-Gaussian data: probabilistic PCA (Tipping & Bishop 1999), where everything is known.


@torch.no_grad()
def test_the_bound_is_tight_where_the_posterior_is_exact(pca):
    """Every importance weight is then p(x) itself: one sample is enough, and many don't change a digit."""
    vae, data = pca
    covariance = vae.decoder.weight @ vae.decoder.weight.T + vae.std**2 * torch.eye(5)
    exact = torch.distributions.MultivariateNormal(torch.zeros(5), covariance).log_prob(data)
    assert float(exact.mean()) == pytest.approx(greatest_likelihood(LATENTS), abs=1e-3)
    for samples in (1, 7):
        assert torch.allclose(vae.log_prob(data, samples), exact, atol=2e-3)


@torch.no_grad()
def test_samples_from_the_prior_make_up_for_a_wrong_encoder(pca):
    """Where the posterior is taken to be elsewhere, and narrow, its own samples find almost nothing."""
    vae, data = pca
    vae, data = copy.deepcopy(vae), data[:50]
    vae.encoder.bias[:LATENTS] += 2.0
    vae.encoder.bias[LATENTS:] -= 2.0
    covariance = vae.decoder.weight @ vae.decoder.weight.T + vae.std**2 * torch.eye(5)
    exact = torch.distributions.MultivariateNormal(torch.zeros(5), covariance).log_prob(data)

    def found(defensive: bool) -> torch.Tensor:
        weights = vae.log_weights(data, 20_000, seeded(), defensive)
        assert weights.shape == (20_000, 50)
        return weights.logsumexp(0) - math.log(20_000)

    assert (found(True) - exact).abs().mean() < 0.1
    assert (found(False) - exact).mean() < -1


@torch.no_grad()
def test_elbo_is_the_likelihood_at_the_optimum(pca):
    vae, data = pca
    bound = vae.elbo(data, seeded())
    assert -float(bound.rate + bound.distortion) == pytest.approx(greatest_likelihood(LATENTS), abs=0.02)
    assert torch.allclose(bound.kl, (VARIANCES[:LATENTS] / VARIANCES[LATENTS]).log() / 2, atol=1e-3)
    assert float(bound.rate) == pytest.approx(float(bound.kl.sum()))


@pytest.mark.training
@pytest.mark.parametrize("config", [{}, {"importance_samples": 4}, {"noise": "fixed", "decoder_std": math.sqrt(0.3)}])
def test_training_finds_that_optimum(config):
    data = gaussian_data()
    vae = train(linear(5, latents=LATENTS, **config), data, steps=2400, rate=3e-2)
    with torch.no_grad():
        exact = greatest_likelihood(LATENTS)
        if "importance_samples" not in config:  # whose bound leaves the posterior some room
            bound = vae.elbo(data, seeded())
            assert -float(bound.rate + bound.distortion) == pytest.approx(exact, abs=0.02)
        assert float(vae.log_prob(data, 16).mean()) == pytest.approx(exact, abs=0.02)
        assert float(vae.std) == pytest.approx(math.sqrt(0.3), rel=0.02)


@pytest.mark.training
@pytest.mark.parametrize("beta", [0.5, 3.0])
def test_beta_moves_it_where_theory_says(beta):
    """With fixed s, β s² stands where s² stood (Lucas et al. 2019): rates are ½ log(λ / β s²), or nothing."""
    data = gaussian_data()
    vae = train(linear(5, latents=3, beta=beta, noise="fixed", decoder_std=math.sqrt(0.8)), data, steps=1600, rate=5e-2)
    with torch.no_grad():
        rates = vae.elbo(data, seeded()).kl.sort(descending=True).values
        asleep = vae.inactive_units(data, seeded())
    wanted = (VARIANCES[:3] / (beta * 0.8)).log().clamp(min=0) / 2
    assert torch.allclose(rates, wanted, atol=0.03)
    assert [sleeper.reason for sleeper in asleep] == (["noise"] if beta < 1 else ["beta", "noise"])
    assert int(vae.active_units(data).sum()) == 3 - len(asleep)


# The bound with k samples.


@pytest.fixture(scope="module")
def wrong(pca) -> tuple[VAE, torch.Tensor]:
    """The exact model with an encoder that is too wide, by a factor that is known."""
    vae, data = pca
    wrong = linear(5, latents=LATENTS)
    wrong.load_state_dict(vae.state_dict())
    with torch.no_grad():
        std = vae.encode(data[:1])[1][0] * 1.6 - SMALLEST_STD
        wrong.encoder.bias[LATENTS:] = std.expm1().log()
    return wrong, data


@torch.no_grad()
def test_elbo_misses_the_likelihood_by_the_posteriors_divergence(wrong):
    vae, data = wrong
    bound = vae.elbo(data, seeded())
    divergence = LATENTS * float(kl_divergence(Normal(0.0, 1.6), Normal(0.0, 1.0)))
    exact = greatest_likelihood(LATENTS) - divergence
    assert -float(bound.rate + bound.distortion) == pytest.approx(exact, abs=0.03)
    assert float(vae.log_prob(data, 1).mean()) == pytest.approx(exact, abs=0.03)


@torch.no_grad()
def test_the_bound_rises_with_k(wrong):
    vae, data = wrong
    bounds = [float(vae.log_prob(data, k).mean()) for k in (1, 2, 5, 20, 100)]
    assert all(b - a > 0.004 for a, b in pairwise(bounds))
    assert bounds[-1] == pytest.approx(greatest_likelihood(LATENTS), abs=0.02)
    assert bounds[-1] < greatest_likelihood(LATENTS) + 0.01


@torch.no_grad()
@pytest.mark.parametrize("k", [2, 5])
def test_training_climbs_the_same_bound(wrong, k):
    vae, data = wrong
    vae.progress = 1.0
    vae.config = VAEConfig(importance_samples=k)
    assert -float(vae.loss(data, seeded())) == pytest.approx(float(vae.log_prob(data, k).mean()), abs=0.02)


@torch.no_grad()
def test_likelihood_comes_in_chunks():
    vae, x = tiny(), normal(7, 2)
    samples = CHUNK // 3
    found = vae.log_prob(x, samples)
    assert found.shape == (7,)
    assert torch.allclose(found, vae.log_prob(x, samples, seeded(5)), atol=0.05)
    assert vae.log_prob(x[:2], 2 * CHUNK).shape == (2,)
