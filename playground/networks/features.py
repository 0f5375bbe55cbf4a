"""Times and places as a network's inputs: with harmonics, of which smooth networks learn fine detail sooner."""

import math

import torch
from torch import Tensor, nn


class TimeFeatures(nn.Module):
    """A time t in [0, 1], shape (n,), as (n, 1 + 2·frequencies): t itself, then sin πkt and cos πkt for k = 1, 2, …

    With t alone as input, a smooth network is slow to learn the dependence on time; in two dimensions, a few harmonics
    are enough (Tancik et al. 2020, arXiv 2006.10739, explain why).
    """

    frequencies: Tensor

    def __init__(self, frequencies: int):
        super().__init__()
        self.size = 1 + 2 * frequencies
        self.register_buffer("frequencies", math.pi * torch.arange(1, frequencies + 1), persistent=False)

    def forward(self, t: Tensor) -> Tensor:
        t = t[:, None]
        angles = t * self.frequencies
        return torch.cat([t, angles.sin(), angles.cos()], dim=1)


class PlaceFeatures(nn.Module):
    """Points x (n, dim) as (n, size): x itself and, in the plane, sin and cos of 2πkx/8 for k = 1, 2, 4.

    A smooth network is slow to learn thin data: with the harmonics of a place, a bridge of a hundredth of the canvas is
    10% too wide where it was three times as wide (benchmarks/shapes.py; Tancik et al. 2020, arXiv 2006.10739). An image
    is no place, and has none.
    """

    HARMONICS = (1, 2, 4)
    LONGEST = 8.0
    """The longest wavelength: the width of the canvas."""

    harmonics: Tensor

    def __init__(self, dim: int):
        super().__init__()
        self.plane = dim == 2
        self.size = dim * (1 + 2 * len(self.HARMONICS)) if self.plane else dim
        self.register_buffer("harmonics", 2 * math.pi / self.LONGEST * torch.tensor(self.HARMONICS), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        if not self.plane:
            return x
        angles = (x[:, :, None] * self.harmonics).flatten(1)
        return torch.cat([x, angles.sin(), angles.cos()], dim=1)
