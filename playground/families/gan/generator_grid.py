"""The latent plane as a grid of cells, carried to the data's plane by a generator, as GAN Lab draws it (Kahng et al.,
*GAN Lab*, IEEE VIS 2018, arXiv 1809.01587): where cells are small, samples are dense; where they fold, it maps twice.
"""

import torch
from torch import Tensor


def masses(cells: int) -> Tensor:
    """The probability of each of the grid's columns (or rows) under N(0, 1), (cells,).

    All the same, but for the outermost two, which end where half of their mass is left outside: the last line of a
    grid that holds everything would be at infinity.
    """
    mass = torch.full((cells,), 1 / cells)
    mass[0] = mass[-1] = 0.5 / cells
    return mass


def latent_corners(cells: int, latents: int) -> Tensor:
    """The corners (cells + 1, cells + 1, latents) of cells of N(0, I) in the first two dimensions; all others are 0."""
    edges = torch.cat([torch.zeros(1), masses(cells).cumsum(0)]) + 0.5 / cells
    line = torch.special.ndtri(edges)
    z = torch.zeros(cells + 1, cells + 1, latents)
    for i, coordinates in enumerate(torch.meshgrid(line, line, indexing="xy")[:latents]):
        z[..., i] = coordinates
    return z


def density(corners: Tensor) -> Tensor:
    """Each cell's probability over its area (cells, cells), from its corners (cells + 1, cells + 1, 2) in the plane.

    The area is the quadrilateral's, by half the cross product of its diagonals, whichever way around it lies.
    """
    up, down = corners[1:, 1:] - corners[:-1, :-1], corners[1:, :-1] - corners[:-1, 1:]
    area = (up[..., 0] * down[..., 1] - up[..., 1] * down[..., 0]).abs() / 2
    mass = masses(len(corners) - 1).to(area)
    return torch.outer(mass, mass) / area.clamp(min=1e-12)
