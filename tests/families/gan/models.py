"""Small GANs, and gradients by finite differences."""

import torch

from playground.families.gan.discriminator import pack
from playground.families.gan.gan import GAN, GANConfig
from tests.families.draws import normal

DOUBLE = torch.float64


def tiny(**config) -> GAN:
    torch.manual_seed(0)
    return GAN(GANConfig(**{"width": 16, "depth": 2, "latents": 2} | config))


def seen_once(gan: GAN) -> GAN:
    """With the usual spread of a batch known."""
    gan.discriminator.follow(pack(normal(64, 2), gan.config.packing))
    return gan


def numerical(f, x: torch.Tensor, step: float = 1e-6) -> torch.Tensor:
    """The gradient of a scalar function at x by central differences."""
    out = torch.empty_like(x)
    for i in range(x.numel()):
        e = torch.zeros_like(x).flatten()
        e[i] = step
        e = e.view_as(x)
        out.view(-1)[i] = (f(x + e) - f(x - e)) / (2 * step)
    return out
