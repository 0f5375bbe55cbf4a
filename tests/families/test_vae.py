"""The VAE against closed forms: probabilistic PCA, divergences of Gaussians, bounds that are known, and the rules by
which its latent space is read."""

import copy
import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from torch import nn
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal, kl_divergence

from playground import Experiment, fit
from playground.data.images.handwritten import digits
from playground.families.vae import latent_space
from playground.families.vae.priors import MixturePrior, StandardPrior
from playground.families.vae.vae import CHUNK, SMALLEST_STD, VAE, VAEConfig
from playground.metrics.distances import sliced_wasserstein


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=seeded(seed))


def tiny(dim: int = 2, **config) -> VAE:
    torch.manual_seed(0)
    return VAE(VAEConfig(**{"width": 16, "depth": 2, "free_bits": 0, "prior": "standard"} | config), (dim,))


def linear(dim: int, **config) -> VAE:
    """A VAE whose networks are single linear layers."""
    vae = tiny(dim, **config)
    vae.encoder = nn.Linear(dim, 2 * vae.config.latents)
    vae.decoder = nn.Linear(vae.config.latents, dim)
    return vae


def train(vae: VAE, data: torch.Tensor, steps: int, rate: float = 1e-2) -> VAE:
    """Adam on the family's own loss, the rate gliding to zero, β warming up."""
    (player,) = vae.players()
    optimizer = torch.optim.Adam(list(player.parameters), lr=rate)
    generator = seeded(1)
    for step in range(steps):
        vae.progress = step / steps
        optimizer.param_groups[0]["lr"] = rate * (1 + math.cos(math.pi * step / steps)) / 2
        batch = data[torch.randint(len(data), (256,), generator=generator)]
        optimizer.zero_grad()
        player.loss(batch, generator, torch.zeros(256)).backward()
        optimizer.step()
    vae.progress = 1.0
    return vae


# Linear-Gaussian data: probabilistic PCA (Tipping & Bishop 1999), where everything is known.

VARIANCES = torch.tensor([4.0, 1.5, 0.3, 0.3, 0.3])
LATENTS = 2


def gaussian_data(n: int = 20_000) -> torch.Tensor:
    """(n, 5) whose sample mean is 0 and whose sample covariance has exactly the eigenvalues VARIANCES."""
    x = normal(n, 5, seed=2).double()
    u = torch.linalg.svd(x - x.mean(0), full_matrices=False).U * math.sqrt(n)
    rotation = torch.linalg.qr(normal(5, 5, seed=3).double()).Q
    return (u * VARIANCES.double().sqrt() @ rotation.T).float()


def greatest_likelihood(latents: int) -> float:
    """Mean log-likelihood at the maximum, by hand: Tipping & Bishop, eq. 4 with 7 and 8, in nats per point."""
    noise = VARIANCES[latents:].mean()
    logs = VARIANCES[:latents].log().sum() + (5 - latents) * noise.log()
    return -float(5 * math.log(2 * math.pi) + logs + 5) / 2


@pytest.fixture(scope="module")
def pca() -> tuple[VAE, torch.Tensor]:
    """The maximum of the likelihood, put in: W = U (Λ − s²)^½, and the posterior N(M⁻¹Wᵀx, s² M⁻¹) with M = Λ."""
    data = gaussian_data()
    vae = linear(5, latents=LATENTS)
    values, vectors = torch.linalg.eigh(data.T @ data / len(data))
    values, vectors = values.flip(0)[:LATENTS], vectors.flip(1)[:, :LATENTS]
    noise = VARIANCES[LATENTS:].mean()
    w = vectors * (values - noise).sqrt()
    std = (noise / values).sqrt() - SMALLEST_STD
    with torch.no_grad():
        vae.decoder.weight.copy_(w)
        vae.decoder.bias.zero_()
        vae.encoder.weight.copy_(torch.cat([(w / values).T, torch.zeros(LATENTS, 5)]))
        vae.encoder.bias.copy_(torch.cat([torch.zeros(LATENTS), std.expm1().log()]))
        vae.log_std.copy_((noise.sqrt() - SMALLEST_STD).log())
    return vae, data


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


# Divergences.


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


# The objective's knobs.


def parts(vae: VAE, x: torch.Tensor):
    with torch.no_grad():
        return vae.elbo(x, seeded())


def test_loss_is_distortion_and_weighted_rate():
    x = normal(64, 2)
    for beta in (0.0, 0.5, 1.0, 7.0):
        vae = tiny(beta=beta, warm_up=0)
        rate, distortion, _ = parts(vae, x)
        assert float(vae.loss(x, seeded()).detach()) == pytest.approx(float(distortion + beta * rate), rel=1e-5)


def test_warm_up():
    vae = tiny(beta=2.0, warm_up=0.4)
    for progress, wanted in ((0, 0), (0.1, 0.5), (0.2, 1), (0.4, 2), (1, 2)):
        vae.progress = progress
        assert vae.beta == pytest.approx(wanted)
    assert tiny(beta=2.0, warm_up=0).beta == 2


def test_free_bits():
    """Below its share, a dimension's rate costs nothing more and nothing less; above, it costs what it is."""
    x = normal(64, 2)
    free, _ = vae, bare = tiny(warm_up=0, free_bits=0.3), tiny(warm_up=0)
    with torch.no_grad():
        for model in (vae, bare):
            model.encoder[-1].weight.mul_(torch.tensor([5.0, 0.1, 1.0, 0.0])[:, None])
            model.encoder[-1].bias.copy_(torch.tensor([2.0, 0.0, 0.0, 0.5413]))  # softplus(0.5413) = 1
    _, distortion, kl = parts(vae, x)
    assert kl[0] > 0.3 > kl[1]
    assert float(free.loss(x, seeded()).detach()) == pytest.approx(float(distortion + kl[0] + 0.3), rel=1e-5)


def test_noise_is_learned_or_fixed():
    learned, fixed = tiny(decoder_std=0.3), tiny(decoder_std=0.3, noise="fixed")
    assert float(learned.std.detach()) == pytest.approx(0.3 + SMALLEST_STD)
    assert float(fixed.std.detach()) == pytest.approx(0.3)
    x = normal(64, 2)
    for vae, moves in ((learned, True), (fixed, False)):
        gradient = torch.autograd.grad(vae.loss(x, seeded()), vae.log_std, allow_unused=True)[0]
        assert (gradient is not None) is moves


def test_importance_samples_count_in_the_cost():
    config = {"width": 128, "batch_size": 2048}
    Experiment(family="vae", config=config, steps=100)
    with pytest.raises(ValidationError, match="too much for one step"):
        Experiment(family="vae", config=config | {"importance_samples": 32}, steps=100)


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


# Collapse.


@pytest.mark.parametrize(
    ("awake", "variances", "std", "beta", "learned", "reasons"),
    [
        ([1, 1], [3.0, 1.0], 0.1, 1.0, True, {}),
        ([0, 1, 1], [3.0, 1.0], 0.1, 1.0, True, {0: "spare"}),
        ([0, 1], [3.0, 1.0], 0.1, 1.0, True, {0: "stuck"}),
        ([0, 1], [3.0, 1.0], 0.5, 5.0, False, {0: "beta"}),
        ([1, 0], [3.0, 1.0], 1.1, 1.0, True, {1: "noise"}),
        ([0, 0, 0], [3.0, 1.0], 1.1, 2.0, False, {0: "stuck", 1: "noise", 2: "spare"}),
        ([0, 0, 0], [3.0, 1.0], 1.1, 2.0, True, {0: "stuck", 1: "beta", 2: "spare"}),
        ([0, 0], [1.0, 3.0], 0.8, 3.0, False, {0: "stuck", 1: "beta"}),
        ([0, 0], [1.0, 3.0], 1.5, 0.5, True, {0: "stuck", 1: "noise"}),
    ],
)
def test_why_dimensions_sleep(awake, variances, std, beta, learned, reasons):
    means = torch.randn(1000, len(awake), generator=seeded()) * torch.tensor(awake)
    kl = torch.arange(1.0, 1 + len(awake))  # what a dimension holds does not wake it, if it is the same for all points
    found = latent_space.inactive_units(means, kl, torch.tensor(variances), std, beta, learned)
    assert {sleeper.dimension: sleeper.reason for sleeper in found} == reasons
    assert all(sleeper.rate == kl[sleeper.dimension] for sleeper in found)
    assert all(latent_space.REASONS[sleeper.reason].endswith(".") for sleeper in found)


MOONS = {"width": 32, "depth": 2, "prior": "standard"}


def moons_of(**config):
    run = fit(Experiment(family="vae", dataset="two_moons", steps=600, config=MOONS | config))
    return run.averaged, run.pool[:2000]


@pytest.mark.training
def test_an_autoencoder_reconstructs_but_does_not_sample():
    (plain, x), (vae, _) = moons_of(beta=0.0), moons_of()
    with torch.no_grad():
        errors = [float((model.reconstruct(x) - x).square().mean()) for model in (plain, vae)]
        rates = [float(model.elbo(x, seeded()).rate) for model in (plain, vae)]
        distances = [float(sliced_wasserstein(model.sample(2000, seeded()), x)) for model in (plain, vae)]
    assert errors[0] < 1e-3 < errors[1]
    assert rates[0] > 3 * rates[1]
    assert distances[0] > 2 * distances[1]


@pytest.mark.training
@pytest.mark.parametrize("noise", ["fixed", "learned"])  # which is then so large that it alone would hide everything
def test_too_high_a_beta_collapses(noise):
    vae, x = moons_of(beta=20.0, noise=noise, free_bits=0)
    with torch.no_grad():
        assert {sleeper.reason for sleeper in vae.inactive_units(x, seeded())} == {"beta"}
        assert not vae.active_units(x).any()


# Images.


@pytest.mark.training
def test_it_learns_digits():
    images = torch.as_tensor(digits().training.points, dtype=torch.float32)
    held_out = torch.as_tensor(digits().points, dtype=torch.float32)
    vae = tiny(64, latents=8, width=64)
    before = parts(vae, held_out)
    train(vae, images, steps=400, rate=5e-3)
    after = parts(vae, held_out)
    assert after.rate + after.distortion < before.rate + before.distortion - 20
    assert int(vae.active_units(held_out).sum()) >= 5
    with torch.no_grad():
        assert vae.sample(5, seeded()).shape == (5, 64)
        error = float((vae.reconstruct(held_out) - held_out).square().mean())
    assert error < 0.5 * float((held_out - images.mean(0)).square().mean()), "better than the mean image"
    assert np.isfinite(vae.log_prob(held_out[:9], 50).detach().numpy()).all()
