"""Exact posteriors of noised data, x = α x1 + σ ε: the distribution of x1 given x, for finite data or a density.

For finite, equally likely data x_1 … x_n, Bayes' rule gives

    E[x1 | x] = Σ_i softmax_i(−‖x − α x_i‖² / 2σ²) x_i

A model that equals it has memorised every point. Paths derive the exact velocity from it, diffusion models the exact
denoiser and the score.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

CHUNK = 1 << 22
"""Maximum number of (position, data point) pairs processed at once: 16 MB of float32."""


CACHED = 1 << 16
"""The same where each pair needs several numbers, which then fit a processor's cache."""


def posterior_mean(x: Tensor, alpha: Tensor, sigma: Tensor, data: Tensor, values: Tensor) -> Tensor:
    """E[value of x1 | α x1 + σ ε = x] (m, k), where x1 is one of the data (n, dim) with values (n, k), at points x
    (m, dim) and noise levels α, σ (m,), σ > 0."""
    rows = max(1, CHUNK // len(data))
    parts = zip(x.split(rows), alpha.split(rows), sigma.split(rows), strict=True)
    return torch.cat([posterior(x, alpha, sigma, data) @ values for x, alpha, sigma in parts])


def posterior(x: Tensor, alpha: Tensor, sigma: Tensor, data: Tensor) -> Tensor:
    """The probability of each of the data (n, dim), given α x1 + σ ε = x, at points x (m, dim) and noise levels α, σ
    (m,), σ > 0: (m, n)."""
    alpha, sigma = alpha[:, None], sigma[:, None]
    # −‖x − α x_i‖² / 2σ² up to a term that is the same for all i, as one matrix product.
    logits = (alpha * (x @ data.T) - alpha.square() * data.square().sum(1) / 2) / sigma.square()
    return logits.softmax(1)


@dataclass(frozen=True)
class MixtureDensity:
    """A density as a mixture of k isotropic Gaussians: means (k, dim), standard deviations (k,), weights (k,), and the
    classes of the components (k,), if there are any."""

    means: Tensor
    sigmas: Tensor
    weights: Tensor
    labels: Tensor | None = None

    def draw(self, u: Tensor, alpha: Tensor | float = 1.0, sigma: Tensor | float = 0.0) -> tuple[Tensor, Tensor | None]:
        """Points α x1 + σ ε (n, dim) and the classes of x1 (n,), if there are any, at noise levels α, σ: a function of
        uniform numbers u (n, 1 + dim) in (0, 1), of which the first chooses the component, by inversion."""
        shares = self.weights.cumsum(0)
        chosen = torch.searchsorted(shares / shares[-1], u[:, 0].contiguous()).clamp(max=len(shares) - 1)
        std = (alpha**2 * self.sigmas[chosen].square() + sigma**2).sqrt()
        x = (alpha * self.means[chosen].T + std * torch.special.ndtri(u[:, 1:].T)).T
        return x, None if self.labels is None else self.labels[chosen]

    def of_class(self, label: int | None) -> "MixtureDensity":
        """The density of one class. For None, or a class that there isn't, that of all."""
        own = None if label is None or self.labels is None else self.labels == label
        if own is None or not own.any():
            return self
        return MixtureDensity(self.means[own], self.sigmas[own], self.weights[own] / self.weights[own].sum())


def denoise(x: Tensor, alpha: Tensor, sigma: Tensor, data: Tensor | MixtureDensity) -> Tensor:
    """The exact D(x) = E[x1 | α x1 + σ ε = x] (m, dim), for finite data (n, dim) or for a density.

    For finite data: Karras et al. 2022, arXiv 2206.00364, eq. 57, in any units; a model that equals it has memorised
    the data.
    """
    if not isinstance(data, MixtureDensity):
        return posterior_mean(x, alpha, sigma, data, data)
    return _by_rows(_mixture_mean, x, alpha, sigma, data)


def log_density(x: Tensor, alpha: Tensor, sigma: Tensor, data: Tensor | MixtureDensity) -> Tensor:
    """log p(x) (m,) of α x1 + σ ε in nats, for data as in `denoise`."""
    if not isinstance(data, MixtureDensity):
        data = points(data)
    return _by_rows(lambda *given: _logits(*given)[0].logsumexp(1), x, alpha, sigma, data)


def _by_rows(of: Callable[..., Tensor], x: Tensor, alpha: Tensor, sigma: Tensor, density: MixtureDensity) -> Tensor:
    rows = max(1, CACHED // len(density.means))
    parts = zip(x.split(rows), alpha.split(rows), sigma.split(rows), strict=True)
    return torch.cat([of(x, alpha[:, None], sigma[:, None], density) for x, alpha, sigma in parts])


def _logits(x: Tensor, alpha: Tensor, sigma: Tensor, density: MixtureDensity) -> tuple[Tensor, Tensor]:
    """The log of each component's contribution to the density of the noised points at x, and its variance v: with
    noise, component k is N(α m, v) with v = α² s² + σ². Both (m, k)."""
    means = density.means
    v = (alpha * density.sigmas).square() + sigma.square()
    squares = x.square().sum(1, keepdim=True) - 2 * alpha * (x @ means.T) + alpha.square() * means.square().sum(1)
    return density.weights.log() - x.shape[1] / 2 * (2 * math.pi * v).log() - squares / 2 / v, v


def _mixture_mean(x: Tensor, alpha: Tensor, sigma: Tensor, density: MixtureDensity) -> Tensor:
    """E[x1 | x]: within component k, the mean of x1 is m + (α s² / v) (x − α m)."""
    logits, v = _logits(x, alpha, sigma, density)
    weights = logits.softmax(1)
    share = weights * (alpha * density.sigmas.square() / v)
    return (weights - share * alpha) @ density.means + share.sum(1, keepdim=True) * x


# The error of the exact denoiser.


def points(data: Tensor, labels: Tensor | None = None) -> MixtureDensity:
    """Finite, equally likely data (n, dim) with classes (n,), as a density whose Gaussians have no width."""
    return MixtureDensity(data, data.new_zeros(len(data)), data.new_full((len(data),), 1 / len(data)), labels)


def variance(x: Tensor, alpha: Tensor, sigma: Tensor, density: MixtureDensity) -> Tensor:
    """The variance of x1 given α x1 + σ ε = x, a mean over dimensions (m,), σ > 0: the error of the exact denoiser.

    To be computed in double precision: it is the small difference of two moments."""
    return _by_rows(_mixture_variance, x, alpha, sigma, density)


def _mixture_variance(x: Tensor, alpha: Tensor, sigma: Tensor, density: MixtureDensity) -> Tensor:
    """Within component k, x1 has the mean (1 − g α) m + g x, g = α s² / v, and the variance s² (1 − g α)."""
    logits, v = _logits(x, alpha, sigma, density)
    weights = logits.softmax(1)
    gain = alpha * density.sigmas.square() / v
    kept = 1 - gain * alpha
    own = (weights * density.sigmas.square() * kept).sum(1)
    means, squares = density.means, density.means.square()
    share, both = (weights * gain).sum(1, keepdim=True), (weights * gain.square()).sum(1, keepdim=True)
    mean = (weights * kept) @ means + share * x
    square = (weights * kept.square()) @ squares + 2 * x * ((weights * kept * gain) @ means) + both * x.square()
    return own + (square - mean.square()).clamp(min=0).mean(1)


def variance_in_class(x: Tensor, alpha: Tensor, sigma: Tensor, density: MixtureDensity, labels: Tensor) -> Tensor:
    """`variance` (m,) given also the class (m,) of x1, for a density whose components have classes."""
    assert density.labels is not None
    found = torch.empty_like(alpha)
    for label in labels.unique():
        same = labels == label
        found[same] = variance(x[same], alpha[same], sigma[same], density.of_class(int(label)))
    return found
