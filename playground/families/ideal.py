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
    return torch.cat([_weights(x, alpha, sigma, data) @ values for x, alpha, sigma in parts])


def _weights(x: Tensor, alpha: Tensor, sigma: Tensor, data: Tensor) -> Tensor:
    """The posterior probability of each data point given x: (m, n)."""
    alpha, sigma = alpha[:, None], sigma[:, None]
    # −‖x − α x_i‖² / 2σ² up to a term that is the same for all i, as one matrix product.
    logits = (alpha * (x @ data.T) - alpha.square() * data.square().sum(1) / 2) / sigma.square()
    return logits.softmax(1)


@dataclass(frozen=True)
class MixtureDensity:
    """A density as a mixture of k isotropic Gaussians: means (k, dim), standard deviations (k,), weights (k,)."""

    means: Tensor
    sigmas: Tensor
    weights: Tensor


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
        data = MixtureDensity(data, data.new_zeros(len(data)), data.new_full((len(data),), 1 / len(data)))
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


def variance(x: Tensor, alpha: Tensor, sigma: Tensor, data: Tensor) -> Tensor:
    """The variance of x1 given α x1 + σ ε = x, a mean over dimensions (m,): the error of the exact denoiser."""
    moments = posterior_mean(x, alpha, sigma, data, torch.cat([data, data.square()], dim=1))
    mean, mean_square = moments.chunk(2, dim=1)
    return (mean_square - mean.square()).clamp(min=0).mean(1)


def variance_in_class(x: Tensor, alpha: Tensor, sigma: Tensor, data: Tensor, labels: Tensor, chosen: Tensor) -> Tensor:
    """`variance` (m,) given also the class, that of the data points with indices `chosen` (m,)."""
    found = torch.empty_like(alpha)
    for label in labels[chosen].unique():
        same = labels[chosen] == label
        found[same] = variance(x[same], alpha[same], sigma[same], data[labels == label])
    return found
