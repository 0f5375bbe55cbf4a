"""Small diffusion models, and the exact one of a Gaussian; in double precision."""

import torch
from torch import Tensor

from playground.families import FAMILIES
from playground.families.diffusion.diffusion import Diffusion
from playground.families.diffusion.schedules import alpha_sigma
from tests.families.draws import seeded

DOUBLE = torch.float64
MEAN = torch.tensor([1.5, -0.5], dtype=DOUBLE)
SPREAD = 0.6


def normal(*shape: int, seed: int = 0, dtype=DOUBLE) -> Tensor:
    return torch.randn(*shape, generator=seeded(seed), dtype=dtype)


def make(**config) -> Diffusion:
    torch.manual_seed(0)
    return Diffusion(FAMILIES["diffusion"].Config(**{"width": 16, "depth": 2, "frequencies": 2} | config))


class Exact(Diffusion):
    """Diffusion whose denoiser is that of data N(MEAN, SPREAD² I)."""

    def _denoise(self, x: Tensor, log_snr: Tensor) -> Tensor:
        alpha, sigma = (a[:, None] for a in alpha_sigma(log_snr))
        gain = alpha * SPREAD**2 / (alpha**2 * SPREAD**2 + sigma**2)
        return MEAN.to(x) + gain * (x - alpha * MEAN.to(x))


def exact(**config) -> Exact:
    return Exact(FAMILIES["diffusion"].Config(**config))


TIMES = torch.linspace(0, 1, 101, dtype=DOUBLE)
