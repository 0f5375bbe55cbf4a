"""Distances and shares of sets of images in features (`playground.metrics.features`), all against the same reference.

The Fréchet distance is that of Heusel et al. 2017, *GANs Trained by a Two Time-Scale Update Rule* (FID), arXiv
1706.08500, the kernel distance that of Bińkowski et al. 2018, *Demystifying MMD GANs* (KID), arXiv 1801.01401. Both are
squared, as usual. Their features are those of a network trained on photographs; ours are of the data itself, so that
the numbers compare models of one data set, and nothing else.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from playground.metrics.density_coverage import NEIGHBOURS, Balls
from playground.metrics.mmd import mean_of_pairs, unbiased


class Moments(NamedTuple):
    """The mean (k,) and the covariance (k, k) of features."""

    mean: Tensor
    covariance: Tensor


def moments(features: ArrayLike) -> Moments:
    """The moments of features (n, k), n ≥ 2."""
    x = torch.as_tensor(features, dtype=torch.float64)
    return Moments(x.mean(0), x.T.cov().reshape(x.shape[1], -1))


def frechet(one: Moments, other: Moments) -> float:
    """‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½): the squared 2-Wasserstein distance of two Gaussians with these
    moments (Dowson & Landau 1982)."""
    values, vectors = torch.linalg.eigh(one.covariance)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    both = torch.linalg.eigvalsh(root @ other.covariance @ root).clamp(min=0).sqrt().sum()
    spread = one.covariance.trace() + other.covariance.trace() - 2 * both
    return max(0.0, float((one.mean - other.mean).square().sum() + spread))


def kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(x·y / k + 1)³ for features x (n, k) and y (m, k): (n, m)."""
    near = x @ y.T / x.shape[1] + 1
    return near * near * near  # a fifth of the time of a power


def squared_mmd(x: ArrayLike, y: ArrayLike, within: float | None = None) -> float:
    """The squared maximum mean discrepancy of features x (n, k) and y (m, k), n, m ≥ 2, estimated without bias. within:
    `mean_of_pairs` of the kernel of y, if it is known."""
    one, other = (np.asarray(features, np.float64) for features in (x, y))
    within = mean_of_pairs(kernel(other, other)) if within is None else within
    return unbiased(mean_of_pairs(kernel(one, one)), within, kernel(one, other))


class Scores(NamedTuple):
    """frechet: divided by the number of features; features have variance 1 on average, so that a model which makes the
    mean image only scores 1. kernel: the squared MMD. precision, recall: the shares of samples that are near the data,
    and of data that are near samples (Kynkäänniemi et al. 2019, arXiv 1904.06991, equation 2). density, coverage: see
    `playground.metrics.density_coverage`."""

    frechet: float
    kernel: float
    precision: float
    recall: float
    density: float
    coverage: float


class Reference:
    """What samples are compared with: the features (m, k) of images that no model has seen, m > NEIGHBOURS."""

    def __init__(self, features: ArrayLike):
        self.features = torch.as_tensor(features, dtype=torch.float64)
        self._moments = moments(self.features)
        self._within = mean_of_pairs(kernel(self.features.numpy(), self.features.numpy()))
        self._balls = Balls(features)

    def score(self, features: ArrayLike) -> Scores:
        """The scores of samples with these features (n, k), n > NEIGHBOURS."""
        near_data, near_samples = self._balls.inside(features), Balls(features).inside(self.features)
        return Scores(
            frechet(self._moments, moments(features)) / self.features.shape[1],
            squared_mmd(features, self.features, self._within),
            float(near_data.any(0).float().mean()),
            float(near_samples.any(0).float().mean()),
            float(near_data.sum(0).float().mean()) / NEIGHBOURS,
            float(near_data.any(1).float().mean()),
        )
