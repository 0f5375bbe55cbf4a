"""The maximum mean discrepancy of two samples.

Gretton, Borgwardt, Rasch, Schölkopf, Smola, *A Kernel Two-Sample Test*, JMLR 13 (2012).
"""

import numpy as np
from numpy.typing import ArrayLike

BANDWIDTHS = (0.25, 0.5, 1.0, 2.0)
"""Of the kernels, in units of the canvas, in which data have standard deviation near 1: fine enough for the parts of a
set, wide enough for the whole."""


def mean_of_pairs(kernel: np.ndarray) -> float:
    """The mean of a kernel (n, n) over pairs of two different data."""
    return float((kernel.sum() - kernel.trace()) / (len(kernel) * (len(kernel) - 1)))


def unbiased(within_x: float, within_y: float, between: np.ndarray) -> float:
    """The unbiased estimate of MMD² (lemma 6), from `mean_of_pairs` within each sample and the kernel between them, (n,
    m). It is 0 on average for samples of the same law, and may be negative."""
    return within_x + within_y - 2 * float(between.mean())


def mmd_squared(x: ArrayLike, y: ArrayLike, bandwidths: tuple[float, ...] = BANDWIDTHS) -> float:
    """The unbiased estimate of MMD² of two samples, x (n, dim) and y (m, dim). The kernel is the mean of Gaussian ones,
    exp(−‖x − y‖² / 2h²) for each of the bandwidths h, in units of x times √(dim / 2), since distances grow with the
    dimension."""
    x, y = np.asarray(x, np.float32), np.asarray(y, np.float32)
    within_x, within_y = (mean_of_pairs(_kernel(one, one, bandwidths)) for one in (x, y))
    return unbiased(within_x, within_y, _kernel(x, y, bandwidths))


def mmd(x: ArrayLike, y: ArrayLike, bandwidths: tuple[float, ...] = BANDWIDTHS) -> float:
    """The root of `mmd_squared`, or 0 where that is negative."""
    return float(np.sqrt(max(0.0, mmd_squared(x, y, bandwidths))))


def _kernel(x: np.ndarray, y: np.ndarray, bandwidths: tuple[float, ...]) -> np.ndarray:
    squares = np.maximum(np.square(x).sum(1)[:, None] - 2 * x @ y.T + np.square(y).sum(1), 0) * (2 / x.shape[1])
    return np.stack([np.exp(squares / (-2 * h * h)) for h in bandwidths]).mean(0, dtype=np.float64)
