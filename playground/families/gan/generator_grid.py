"""A grid on the latent plane, mapped to the data plane by a generator, as in GAN Lab (Kahng et al., *GAN Lab*, IEEE VIS
2018, arXiv 1809.01587): samples are dense where cells are small; folds are regions that are covered more than once.
"""

import torch
from torch import Tensor


def masses(cells: int) -> Tensor:
    """The probability of each of the grid's columns (or rows) under N(0, 1), (cells,).

    All are equal except the outermost two, which are cut where half of their mass is outside: the last line of a
    grid that covers all the mass would be at infinity.
    """
    mass = torch.full((cells,), 1 / cells)
    mass[0] = mass[-1] = 0.5 / cells
    return mass


def latent_corners(cells: int, latents: int) -> Tensor:
    """The corners (cells + 1, cells + 1, latents) of a grid for N(0, I) in the first two dimensions; others are 0."""
    edges = torch.cat([torch.zeros(1), masses(cells).cumsum(0)]) + 0.5 / cells
    line = torch.special.ndtri(edges)
    z = torch.zeros(cells + 1, cells + 1, latents)
    for i, coordinates in enumerate(torch.meshgrid(line, line, indexing="xy")[:latents]):
        z[..., i] = coordinates
    return z


def density(corners: Tensor) -> Tensor:
    """The ratio of probability to area for each cell (cells, cells), from corners (cells + 1, cells + 1, 2).

    The area of a quadrilateral is half the cross product of its diagonals, in absolute value.
    """
    up, down = corners[1:, 1:] - corners[:-1, :-1], corners[1:, :-1] - corners[:-1, 1:]
    area = (up[..., 0] * down[..., 1] - up[..., 1] * down[..., 0]).abs() / 2
    mass = masses(len(corners) - 1).to(area)
    return torch.outer(mass, mass) / area.clamp(min=1e-12)
