"""How good are the samples, and how good could they be: every distance comes with its floor.

The floor is the same distance between two fresh samples of the data, of the same size: no model scores better.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

DIRECTIONS = 64
"""Directions for the sliced distance. Evenly spaced over the half circle, the average converges much faster than for
random ones, and it does not flicker from frame to frame."""


def sliced_wasserstein(x: Tensor, y: Tensor, directions: int = DIRECTIONS) -> float:
    """The sliced 2-Wasserstein distance of two point sets of the same size, x and y (n, dim).

    The root of the mean, over directions θ, of the squared 1-D distance of θ·x and θ·y, which is the mean squared
    difference of their sorted values (Bonneel et al. 2015, *Sliced and Radon Wasserstein Barycenters*, §3). In the
    plane the directions are evenly spaced; in higher dimensions random, from a fixed seed. In units of x.
    Raises ValueError if the sizes differ.
    """
    if x.shape != y.shape:
        raise ValueError(f"Two sets of the same size are compared, not {tuple(x.shape)} and {tuple(y.shape)}.")
    theta = _directions(directions, x.shape[1]).to(x)
    return float(((x @ theta).sort(0).values - (y @ theta).sort(0).values).square().mean().sqrt())


def floor(distance: Callable[[Tensor, Tensor], float], draw: Callable[[int], Tensor], pairs: int = 5) -> float:
    """The mean of `distance` over pairs of fresh samples; `draw(i)` gives the i-th, each as large as the model's."""
    return float(np.mean([distance(draw(2 * i), draw(2 * i + 1)) for i in range(pairs)]))


def _directions(count: int, dim: int) -> Tensor:
    if dim == 2:
        angle = torch.arange(count) * (torch.pi / count)
        return torch.stack([angle.cos(), angle.sin()])
    random = torch.randn(dim, count, generator=torch.Generator().manual_seed(0))
    return random / random.norm(dim=0)
