"""Density and coverage: how good and how complete samples are, where the data have no modes that could be counted.

Naeem, Oh, Uh, Choi, Yoo, *Reliable Fidelity and Diversity Metrics for Generative Models*, ICML 2020, arXiv 2002.09797.
"""

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

NEIGHBOURS = 5
"""k of the paper, section 4.1: the ball around a data point reaches to its fifth nearest neighbour."""


class Balls:
    """The balls around data points (n, dim), n > NEIGHBOURS."""

    def __init__(self, points: ArrayLike):
        self.points = torch.as_tensor(np.asarray(points), dtype=torch.float32)
        apart = torch.cdist(self.points, self.points)
        self.radii = apart.topk(NEIGHBOURS + 1, dim=1, largest=False).values[:, -1]  # each is its own nearest

    def density(self, samples: ArrayLike) -> float:
        """How many balls hold a sample, on average, in units of NEIGHBOURS: eq. 3. 1 for a perfect model, 0 for samples
        beside the data."""
        return float(self.inside(samples).sum(0).float().mean() / NEIGHBOURS)

    def coverage(self, samples: ArrayLike) -> float:
        """The share of balls that hold a sample: eq. 4. Of as many samples of a perfect model, about 1 − 2^−k: .97."""
        return float(self.inside(samples).any(1).float().mean())

    def inside(self, samples: ArrayLike) -> Tensor:
        """Whether ball i holds sample j: booleans (n, m)."""
        x = torch.as_tensor(np.asarray(samples), dtype=torch.float32)
        return torch.cdist(self.points, x) <= self.radii[:, None]  # false for NaN
