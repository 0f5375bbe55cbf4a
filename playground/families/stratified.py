"""Stratified random numbers, with which a mean over a batch varies less: Kingma et al. 2021, *Variational Diffusion
Models*, arXiv 2107.00630, appendix I.1."""

import torch
from torch import Generator, Tensor


def stratified(n: int, generator: Generator, dtype: torch.dtype = torch.float32) -> Tensor:
    """n numbers of [0, 1), one in each of as many equal parts, in order: (n,), on the generator's device."""
    within = torch.rand(n, generator=generator, device=generator.device, dtype=dtype)
    return (torch.arange(n, device=generator.device) + within) / n
