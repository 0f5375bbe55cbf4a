"""Density and coverage, precision and recall: how good and how complete samples are, where the data have no modes that
could be counted.

Naeem, Oh, Uh, Choi, Yoo, *Reliable Fidelity and Diversity Metrics for Generative Models*, ICML 2020, arXiv 2002.09797.
Kynkäänniemi, Karras, Laine, Lehtinen, Aila, *Improved Precision and Recall Metric for Assessing Generative Models*,
NeurIPS 2019, arXiv 1904.06991.
"""

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

NEIGHBOURS = 5
"""k of the first paper, section 4.1: the ball around a data point reaches to its fifth nearest neighbour."""

MANIFOLD = 3
"""k of the second paper, section 2: the balls whose union stands for a set's manifold reach to the third."""


class Balls:
    """The balls around data points (n, dim), n > 1, each to its k-th nearest neighbour, or to the last if there are
    fewer."""

    def __init__(self, points: ArrayLike, k: int = NEIGHBOURS):
        self.points = torch.as_tensor(np.asarray(points), dtype=torch.float32)
        self.k = min(k, len(self.points) - 1)
        apart = torch.cdist(self.points, self.points)
        self.radii = apart.topk(self.k + 1, dim=1, largest=False).values[:, -1]  # each is its own nearest

    def density(self, samples: ArrayLike) -> float:
        """How many balls hold a sample, on average, in units of k: eq. 3. 1 for a perfect model, 0 for samples
        beside the data."""
        return float(self.inside(samples).sum(0).float().mean() / self.k)

    def coverage(self, samples: ArrayLike) -> float:
        """The share of balls that hold a sample: eq. 4. Of as many samples of a perfect model, about 1 − 2^−k: .97."""
        return float(self.inside(samples).any(1).float().mean())

    def holds(self, samples: ArrayLike) -> float:
        """The share of samples that lie in any ball: with the balls around data, precision; with the balls around
        samples and data as the samples, recall (second paper, eqs. 1 and 2, with k = MANIFOLD)."""
        return float(self.inside(samples).any(0).float().mean())

    def inside(self, samples: ArrayLike) -> Tensor:
        """Whether ball i holds sample j: booleans (n, m)."""
        x = torch.as_tensor(np.asarray(samples), dtype=torch.float32)
        return torch.cdist(self.points, x) <= self.radii[:, None]  # false for NaN
