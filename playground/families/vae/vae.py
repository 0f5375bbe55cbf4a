"""Variational autoencoder: an encoder, a latent space and a decoder, trained with a lower bound on the likelihood.

Kingma & Welling, *Auto-Encoding Variational Bayes*, ICLR 2014, arXiv 1312.6114, whose notation is used here: a latent
z ~ p(z), data x ~ p(x|z) = N(f(z), s² I), and an encoder q(z|x) = N(μ(x), diag σ²(x)) that infers z from x.
Extensions: the weight β (Higgins et al., *β-VAE*, ICLR 2017; as rate and distortion by Alemi et al., arXiv 1711.00464),
its warm-up (Bowman et al., arXiv 1511.06349), free bits (Kingma et al., arXiv 1606.04934, appendix C.8) and the
importance-weighted bound (Burda, Grosse, Salakhutdinov, *IWAE*, arXiv 1509.00519).
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import softplus

from playground.families.base import Family, Player
from playground.families.capabilities import LatentVariable
from playground.families.gaussian import log_normal
from playground.families.vae import latent_space
from playground.families.vae.priors import MixturePrior, StandardPrior
from playground.families.vae.settings import VAEConfig
from playground.networks import decoder, encoder

CHUNK = 1 << 17
"""Maximum number of latents decoded at once: 32 MB of float32 for a layer of 64 units."""

SMALLEST_STD = 1e-3
"""Minimum of all standard deviations. It keeps densities finite where the loss drives the noise to zero (β = 0)."""


class ELBO(NamedTuple):
    """The two terms of the ELBO, in nats per point: −ELBO = distortion + rate (with β = 1)."""

    rate: Tensor
    """E KL(q(z|x) ‖ p(z)), a scalar."""
    distortion: Tensor
    """−E log p(x|z), the reconstruction term, a scalar."""
    kl: Tensor
    """The rate of each latent dimension, (latents,); its sum is the rate."""


class VAE(Family, LatentVariable):
    Config = VAEConfig
    title = "VAE"
    about = (
        "An encoder squeezes each point into a cloud in the latent plane, and a decoder unfolds the plane again. "
        "Orange points are latents from the prior, decoded; a hole, where the prior has mass and no cloud lies, "
        "decodes to what was never learned. "
        "Why VAEs blur: where the clouds of different points overlap, the decoder can answer only with their mean, and "
        "its noise has to cover what it leaves out."
    )
    about_images = (
        "An encoder squeezes each image into a cloud in the latent space, and a decoder unfolds that again. "
        "Orange images are latents from the prior, decoded; neighbours in the latent space are alike. "
        "Why VAEs blur: where the clouds of different images overlap, the decoder can answer only with their mean."
    )
    equation = "maximise {𝔼_q} log {p}({x}|{z}) − {β} {KL}({q}({z}|{x}) ‖ {p}({z}))"
    symbols: ClassVar = {
        "x": "A datum.",
        "z": "Its latent: the few numbers that it is squeezed into.",
        "q": "The encoder: q(z|x) is a cloud of latents for each datum, q(z) all clouds together.",
        "p": "The model: p(z) is the prior that latents are drawn from, p(x|z) what the decoder makes of one.",
        "𝔼_q": "The mean over latents from the cloud of x.",
        "β": "The KL weight. At 1, this is a lower bound of log p(x), the ELBO.",
        "KL": "The Kullback–Leibler divergence, in nats: what the latents tell of a datum, the rate.",
    }

    config: VAEConfig

    # The model: p(z), p(x|z) and q(z|x).

    def __init__(self, config: VAEConfig, shape: tuple[int, ...] = (2,)):
        super().__init__(config, shape)
        self.encoder = encoder(config, shape, 2 * config.latents)
        self.decoder = decoder(config, config.latents, shape)
        self.log_std = nn.Parameter(torch.tensor(math.log(config.decoder_std)))
        standard = config.prior == "standard"
        self.prior = StandardPrior(config.latents) if standard else MixturePrior(config.latents, config.components)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The posterior q(z|x) of points (…, dim): its mean μ and standard deviation σ, (…, latents) each."""
        mean, raw = self.encoder(x).chunk(2, dim=-1)
        return mean, softplus(raw) + SMALLEST_STD

    def decode(self, z: Tensor) -> Tensor:
        """f(z), the mean of p(x|z), for latents (…, latents): (…, dim)."""
        return self.decoder(z)

    @property
    def std(self) -> Tensor:
        """s, the standard deviation of p(x|z), a scalar."""
        if self.config.noise == "fixed":
            return torch.full_like(self.log_std, self.config.decoder_std)
        return self.log_std.exp() + SMALLEST_STD

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """log p(x|z) of points (…, dim) given latents (…, latents), in nats: (…)."""
        return log_normal(x, self.decode(z), self.std).sum(-1)

    # The objective.

    @property
    def beta(self) -> float | Tensor:
        """The current β: it increases linearly from 0 during the warm-up."""
        if not self.config.warm_up:
            return self.config.beta
        share = self.progress / self.config.warm_up
        return self.config.beta * (share.clamp(max=1) if isinstance(share, Tensor) else min(1.0, share))

    def loss(self, x: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """distortion + β · rate of a batch x (n, dim), in nats per point. With several importance samples, the negative
        importance-weighted bound of Burda et al., with the same β in its weights."""
        k = self.config.importance_samples
        if k > 1:
            log_prior, log_posterior, log_likelihood = self._weigh(x, k, generator)
            weights = log_likelihood + self.beta * (log_prior - log_posterior)
            return math.log(k) - weights.logsumexp(0).mean()
        bound = self.elbo(x, generator)
        # The mean over the batch precedes the maximum, as in Kingma et al. 2016.
        return bound.distortion + self.beta * bound.kl.clamp(min=self.config.free_bits).sum()

    def elbo(self, x: Tensor, generator: Generator) -> ELBO:
        """Rate and distortion of points (n, dim), estimated from one latent each."""
        mean, std = self.encode(x)
        z = mean + std * torch.randn(mean.shape, generator=generator, device=x.device)
        kl = self.prior.kl(mean, std, z).mean(0)
        return ELBO(kl.sum(), -self.log_likelihood(x, z).mean(), kl)

    def _weigh(self, x: Tensor, k: int, generator: Generator) -> tuple[Tensor, Tensor, Tensor]:
        """log p(z), log q(z|x) and log p(x|z) of k latents from the posterior of each x (n, dim): (k, n) each."""
        mean, std = self.encode(x)
        z = mean + std * torch.randn(k, *mean.shape, generator=generator, device=x.device)
        return self.prior_log_prob(z), log_normal(z, mean, std).sum(-1), self.log_likelihood(x, z)

    @staticmethod
    def passes(config: VAEConfig) -> float:
        return (1 + config.importance_samples) / 2  # one pass through the encoder, one per sample through the decoder

    def players(self) -> list[Player]:
        return [Player("vae", self.parameters(), self.loss, self.config.learning_rate, clip=10.0)]

    def forward(self, x: Tensor) -> Tensor:
        return self.reconstruct(x)

    # Sampling: decode a latent from the prior and add the decoder's noise, which papers leave away from images.

    def latent(self, n: int, generator: Generator) -> Tensor:
        """z ~ p(z), (n, latents)."""
        return self.prior.sample(n, generator)

    def sample(self, n: int, generator: Generator) -> Tensor:
        x = self.decode(self.latent(n, generator))
        if self.config.drawn == "means":
            return x
        return x + self.std * torch.randn(x.shape, generator=generator, device=generator.device)

    @classmethod
    def lines(cls, config: VAEConfig) -> list[Callable[..., Any]]:
        return [cls.encode, cls.loss, cls._weigh if config.importance_samples > 1 else cls.elbo, cls.sample]

    # What can be seen.

    def prior_log_prob(self, z: Tensor) -> Tensor:
        """log p(z) of latents (…, latents), in nats: (…)."""
        return self.prior.conditionals(z).sum(-1)

    def log_weights(self, x: Tensor, samples: int, generator: Generator, defensive: bool = False) -> Tensor:
        """log p(x, z) − log q(z|x), in nats, of samples z ~ q(z|x) for each point (n, dim): (samples, n).

        defensive: half of the samples come from the prior, and all have weights p(x, z) / (½ q(z|x) + ½ p(z)). These
        are at most 2 p(x|z), so that their mean is reliable also where the encoder is wrong about the posterior
        (Hesterberg 1995, *Weighted average importance sampling and defensive mixture distributions*).
        """
        if not defensive:
            log_prior, log_posterior, log_likelihood = self._weigh(x, samples, generator)
            return log_prior - log_posterior + log_likelihood
        mean, std = self.encode(x)
        near = mean + std * torch.randn(samples // 2, *mean.shape, generator=generator, device=x.device)
        anywhere = self.latent((samples - samples // 2) * len(x), generator).reshape(-1, *mean.shape)
        z = torch.cat([near, anywhere])
        log_prior, log_posterior = self.prior_log_prob(z), log_normal(z, mean, std).sum(-1)
        return log_prior + self.log_likelihood(x, z) - torch.logaddexp(log_prior, log_posterior) + math.log(2)

    def log_prob(self, x: Tensor, samples: int = 256, generator: Generator | None = None) -> Tensor:
        """log p(x) of points (n, dim) in nats, by importance sampling from the posterior: Burda et al., eq. 8.

        In expectation a lower bound, tighter with more samples. The default generator has a fixed seed.
        """
        generator = generator or torch.Generator(x.device).manual_seed(0)

        def chunk(x: Tensor) -> Tensor:
            return self.log_weights(x, samples, generator).logsumexp(0) - math.log(samples)

        return torch.cat([chunk(part) for part in x.split(max(1, CHUNK // samples))])

    def reconstruct(self, x: Tensor) -> Tensor:
        """The decoded posterior mean of each point: (n, dim) to (n, dim)."""
        return self.decode(self.encode(x)[0])

    def aggregate(self, x: Tensor, generator: Generator) -> Tensor:
        """One latent from the posterior of each point (n, dim), (n, latents): samples of the aggregate posterior."""
        mean, std = self.encode(x)
        return mean + std * torch.randn(mean.shape, generator=generator, device=x.device)

    def aggregate_log_prob(self, z: Tensor, x: Tensor) -> Tensor:
        """log q(z) at latents (m, latents), the aggregate posterior of points x (n, dim), in nats: (m,)."""
        return latent_space.log_aggregate(z, *self.encode(x))

    def active_units(self, x: Tensor) -> Tensor:
        """Whether each latent dimension is active on points (n, dim): (latents,) booleans. Burda et al., §5.2."""
        return latent_space.active(self.encode(x)[0])

    def interpolate(
        self,
        a: Tensor,
        b: Tensor,
        kind: latent_space.Interpolation = "linear",
        steps: int = 32,
        x: Tensor | None = None,
    ) -> Tensor:
        """An interpolation from latent a to latent b (latents,), steps ≥ 2, both ends included: (steps, latents).

        "dense" stays in regions where codes of points x (n, dim) lie; ValueError without x.
        """
        if kind == "linear":
            return latent_space.linear(a, b, steps)
        if kind == "spherical":
            return latent_space.spherical(a, b, steps)
        if x is None:
            raise ValueError("A dense interpolation needs points whose codes it may follow.")
        *_, found = self.relax(a, b, steps, x)
        return found

    def relax(self, a: Tensor, b: Tensor, steps: int, x: Tensor) -> Iterator[Tensor]:
        """Successive iterates of the "dense" interpolation, (steps, latents) each."""
        return latent_space.dense(a, b, steps, *self.encode(x))

    def inactive_units(self, x: Tensor, generator: Generator) -> list[latent_space.InactiveUnit]:
        """The inactive latent dimensions on points x (n, dim), n ≥ 2, each with its reason, see
        `playground.families.vae.latent_space.inactive_units`."""
        variances = torch.linalg.svdvals(x - x.mean(0)).square() / len(x)
        (means, _), kl, learned = self.encode(x), self.elbo(x, generator).kl, self.config.noise == "learned"
        return latent_space.inactive_units(means, kl, variances, float(self.std), self.config.beta, learned)
