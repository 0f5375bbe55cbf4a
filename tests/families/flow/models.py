"""Small flows, and the exact velocity of Gaussian data."""

import torch

from playground.families import FAMILIES
from playground.families.flow.flow import Flow

MEAN = torch.tensor([1.5, -0.5])
SIGMA = 0.6


def tiny(**config) -> Flow:
    torch.manual_seed(0)
    return Flow(FAMILIES["flow"].Config(**{"width": 16, "depth": 2, "frequencies": 2} | config))


def gaussian_velocity(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The marginal velocity for data N(m, s²I).

    x_t = (1 − t) x0 + t x1 ~ N(t m, V) with V = (1 − t)² + t² s², and u = x1 − x0 has the covariance t s² − (1 − t)
    with it. So E[u | x_t = x] = m + (t s² − (1 − t)) / V · (x − t m).
    """
    t = t[:, None]
    variance = (1 - t) ** 2 + t**2 * SIGMA**2
    return MEAN.to(x) + (t * SIGMA**2 - (1 - t)) / variance * (x - t * MEAN.to(x))
