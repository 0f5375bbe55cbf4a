"""Mode coverage: which modes of the data a model captures, and how well. A distance doesn't show this.

The protocol is that of Srivastava et al., *VEEGAN*, arXiv 1705.07761, and Lin et al., *PacGAN*, arXiv 1712.04086,
section 4.1: a sample is of high quality within three standard deviations of a mode; a mode is captured if a
high-quality sample is on it; the histogram over modes is compared with that of the data by KL(model ‖ data), which they
call reverse. All three can be too optimistic: one sample captures a mode, samples with too small a variance are all of
high quality, and the histogram ignores samples on no mode. Therefore the high-quality share has a ceiling for
comparison, and the divergence is also given with a bin for samples on no mode.
"""

import math
from collections.abc import Generator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from playground.data.distributions import Array, Modes, as_points

RADIUS = 3.0
"""Maximum distance of a high-quality sample from a mode's mean, in standard deviations."""

CEILING = 1 - math.exp(-(RADIUS**2) / 2)
"""Score of a perfect model: a Gaussian in the plane has 98.89% of its mass within three standard deviations."""

SMALLEST = 1e-3
"""Minimum width of an estimated cluster, relative to the spread of the data; prevents width 0 for repeated points."""


class ModeScores(NamedTuple):
    """The coverage of k modes by samples."""

    captured: np.ndarray
    """Whether a high-quality sample is on each mode, (k,) booleans."""
    shares: np.ndarray
    """The share of all samples that are of high quality on each mode, (k,)."""
    nearest: np.ndarray
    """The share of all samples nearest to each mode, in units of the mode's standard deviation, (k,); sums to 1."""
    high_quality: float
    """The share of high-quality samples: the sum of `shares`."""
    reverse_kl: float
    """KL(model ‖ data) in nats of the histogram of high-quality samples over modes; infinite if there are none. From n
    samples, a perfect model has about (k − 1) / 2n."""
    reverse_kl_with_off: float
    """The same over all samples, with an additional bin for those on no mode. Its floor is about k / 2n."""

    @property
    def lost(self) -> np.ndarray:
        """The indices of the modes that are not captured."""
        return np.flatnonzero(~self.captured)


def score(samples: ArrayLike, modes: Modes, ceiling: float = CEILING) -> ModeScores:
    """The mode coverage of samples (n, 2), n ≥ 1, in data coordinates.

    ceiling: the high-quality share of the data; for estimated modes, compute it by `score(data, modes)`.
    """
    distances = _distances(as_points(samples), modes)
    which = distances.argmin(1)
    good = distances[np.arange(len(which)), which] <= RADIUS
    n, k = len(which), len(modes.weights)
    counts = np.bincount(which[good], minlength=k)
    shares, quality = counts / n, float(good.mean())
    return ModeScores(
        captured=counts > 0,
        shares=shares,
        nearest=np.bincount(which, minlength=k) / n,
        high_quality=quality,
        reverse_kl=divergence(shares / quality, modes.weights) if quality else math.inf,
        reverse_kl_with_off=divergence([*shares, 1 - quality], [*(ceiling * modes.weights), 1 - ceiling]),
    )


def divergence(p: ArrayLike, q: ArrayLike) -> float:
    """KL(p ‖ q) in nats of two histograms (k,) that sum to 1. Infinite where p has mass and q has none."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    some = p > 0
    with np.errstate(divide="ignore"):
        return max(0.0, float((p[some] * np.log(p[some] / q[some])).sum()))  # rounding can make it −1e-17


def _distances(x: Array, modes: Modes) -> Array:
    """The distance of each point (n, 2) to each mean, in standard deviations of that mode: (n, k)."""
    return np.hypot(*(x[:, None] - modes.means).transpose(2, 0, 1)) / modes.sigmas


# Estimation of unknown modes, as for drawings.


def estimate(points: ArrayLike, most: int = 12, seed: int = 0) -> Modes:
    """The modes of points (n, 2), n ≥ 1: isotropic Gaussians fitted by expectation maximisation. Their number, at most
    `most`, is chosen by the Bayesian information criterion (Fraley & Raftery 1998, *How many clusters?*, section 2).

    Each cluster gives a mode; a curve is divided into several. The result must be labelled as an estimate.
    """
    pieces = estimate_in_pieces(points, most, seed)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def estimate_in_pieces(points: ArrayLike, most: int = 12, seed: int = 0) -> Generator[None, None, Modes]:
    """`estimate`, as a generator that returns it and yields after each fit: every few milliseconds for some hundred
    points."""
    x = as_points(points)
    fits: list[tuple[Modes, float]] = []
    for k in range(1, min(most, len(x)) + 1):
        fits.append((yield from _fit(x, k, seed)))
    # k means, widths and weights are 4k − 1 parameters.
    scores = [2 * likelihood - (4 * len(modes.weights) - 1) * math.log(len(x)) for modes, likelihood in fits]
    return fits[int(np.argmax(scores))][0]


def _fit(x: Array, k: int, seed: int, starts: int = 3) -> Generator[None, None, tuple[Modes, float]]:
    """The best of several fits of k Gaussians, and its log-likelihood in nats over all points."""
    rng, fits = np.random.default_rng(seed), []
    for _ in range(starts):
        fits.append(_maximise(x, _scattered(x, k, rng)))
        yield
    return max(fits, key=lambda fit: fit[1])


def _scattered(x: Array, k: int, rng: np.random.Generator) -> Array:
    """k of the points, far from each other: k-means++ seeding (Arthur & Vassilvitskii 2007)."""
    means = x[[rng.integers(len(x))]]
    while len(means) < k:
        squares = np.square(x[:, None] - means).sum(2).min(1)
        total = squares.sum()
        chosen = rng.choice(len(x), p=squares / total if total > 0 else None)
        means = np.concatenate([means, x[[chosen]]])
    return means


def _maximise(x: Array, means: Array, rounds: int = 60) -> tuple[Modes, float]:
    """Expectation maximisation from k means (k, 2), until the likelihood converges."""
    k, spread = len(means), math.sqrt(float(x.var(0).mean())) or 1.0
    modes = Modes(means, np.full(k, spread / math.sqrt(k)), np.full(k, 1 / k))
    last = -math.inf
    for _ in range(rounds):
        squares = np.square(x[:, None] - modes.means).sum(2)
        logits = np.log(modes.weights / (2 * np.pi * modes.sigmas**2)) - squares / (2 * modes.sigmas**2)
        top = logits.max(1, keepdims=True)
        ratios = np.exp(logits - top)
        sums = ratios.sum(1, keepdims=True)
        likelihood = float((top + np.log(sums)).sum())
        if likelihood - last < 1e-6 * abs(likelihood):
            break
        last = likelihood
        ratios /= sums
        mass = ratios.sum(0) + 1e-9
        means = ratios.T @ x / mass[:, None]
        variances = (ratios * np.square(x[:, None] - means).sum(2)).sum(0) / (2 * mass)
        sigmas = np.sqrt(np.maximum(variances, (SMALLEST * spread) ** 2))
        modes = Modes(means, sigmas, mass / mass.sum())
    return modes, likelihood
