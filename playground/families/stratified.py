"""Numbers that are spread more evenly than random ones, so that a mean over them varies less."""

import torch
from torch import Generator, Tensor


def stratified(n: int, generator: Generator, dtype: torch.dtype = torch.float32) -> Tensor:
    """n numbers of [0, 1), one in each of as many equal parts, in order: (n,), on the generator's device. Kingma et al.
    2021, *Variational Diffusion Models*, arXiv 2107.00630, appendix I.1."""
    within = torch.rand(n, generator=generator, device=generator.device, dtype=dtype)
    return (torch.arange(n, device=generator.device) + within) / n


def spread_evenly(n: int, dim: int, seed: int = 0) -> Tensor:
    """n points of (0, 1)^dim in double precision, (n, dim): Sobol's sequence, scrambled (Owen 1998, *Scrambling Sobol'
    and Niederreiter-Xing points*). n should be a power of two."""
    points = torch.quasirandom.SobolEngine(dim, scramble=True, seed=seed).draw(n, dtype=torch.float64)
    return points.clamp(min=2**-31)
