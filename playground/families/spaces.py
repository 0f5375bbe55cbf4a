"""The space that a model of trajectories works in: that of its data, or the latent space of an autoencoder.

Rombach, Blattmann, Lorenz, Esser, Ommer, *High-Resolution Image Synthesis with Latent Diffusion Models*, CVPR 2022,
arXiv 2112.10752: it is cheaper to move few latents than all pixels. There the autoencoder is trained first. Here it
learns beside the model, of which it knows nothing, so that both can be watched; while it moves, so do the latents that
the model learns from. It is a VAE, whose bound keeps the latents about as wide as noise.
"""

from dataclasses import replace
from typing import NamedTuple, Protocol

import torch
from torch import Generator, Tensor, nn

from playground.families.base import Player
from playground.families.capabilities import (
    ConditionalPaths,
    ContinuousDensity,
    Denoiser,
    ExactField,
    LossFloor,
    VelocityField,
)
from playground.families.vae.settings import VAEConfig
from playground.families.vae.vae import VAE
from playground.networks import Settings, Shape, dim_of

ENCODING = 1 / 6
"""Passes that the latents of a batch cost: through half of the autoencoder, and without a way back."""


class SpaceSettings(Settings, Protocol):
    """The settings that a space is made of."""

    @property
    def space(self) -> str: ...
    @property
    def latents(self) -> int: ...
    @property
    def learning_rate(self) -> float: ...


class DataSpace(nn.Module):
    """The space of the data themselves. shape, dim: of its points. settings: of a network for them. hides: what a
    model in it can't claim."""

    hides: frozenset[type] = frozenset()

    def __init__(self, settings: Settings, shape: Shape):
        super().__init__()
        self.settings, self.shape, self.dim = settings, shape, dim_of(shape)

    def encode(self, x: Tensor, generator: Generator) -> Tensor:
        """Its points (n, dim) for data x (n, …)."""
        return x

    def decode(self, z: Tensor) -> Tensor:
        """The data (…, …) at its points z (…, dim)."""
        return z

    def forward(self, x: Tensor) -> Tensor:
        """Send data x (n, …) once through its networks, to its points (n, dim)."""
        return x

    def players(self, settings: SpaceSettings) -> list[Player]:
        """Who trains its networks."""
        return []


class Mover(NamedTuple):
    """The settings of a network for latents."""

    network: str = "fully_connected"
    width: int = 128
    depth: int = 4
    channels: int = 0


MOVER = Mover()


def autoencoder(settings: SpaceSettings) -> VAEConfig:
    """The settings of the autoencoder whose latent space they choose."""
    same = {name: getattr(settings, name) for name in ("latents", "network", "channels", "width", "depth")}
    return VAEConfig(**same, prior="standard", warm_up=0.0)


class LatentSpace(DataSpace):
    """The latent space of an autoencoder for data of a shape. It hides what is told of points of the data themselves,
    such as their velocity or density."""

    hides = frozenset({VelocityField, ConditionalPaths, ExactField, ContinuousDensity, Denoiser, LossFloor})

    def __init__(self, settings: SpaceSettings, shape: Shape):
        super().__init__(MOVER, (settings.latents,))
        self.autoencoder = VAE(autoencoder(settings), shape)

    @torch.no_grad()
    def encode(self, x: Tensor, generator: Generator) -> Tensor:
        return self.autoencoder.aggregate(x, generator)

    def decode(self, z: Tensor) -> Tensor:
        return self.autoencoder.decode(z)

    def forward(self, x: Tensor) -> Tensor:
        z, _ = self.autoencoder.encode(x)
        self.decode(z)
        return z

    def players(self, settings: SpaceSettings) -> list[Player]:
        [player] = self.autoencoder.players()
        return [replace(player, name="autoencoder", learning_rate=settings.learning_rate, beside=True)]


def space_of(settings: SpaceSettings, shape: Shape) -> DataSpace:
    """The space that the settings choose for data of a shape. Points of the plane have no smaller one."""
    latent = settings.space == "latents" and len(shape) > 1
    return LatentSpace(settings, shape) if latent else DataSpace(settings, shape)


def passes(settings: SpaceSettings) -> float:
    """The passes through the networks that a training step in the space costs besides the model's own."""
    return ENCODING if settings.space == "latents" else 0
