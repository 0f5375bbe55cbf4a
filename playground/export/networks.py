"""The project's networks for images, whose own source a script takes: each with all that it needs."""

from collections.abc import Callable
from typing import Any

from playground.export.source import source
from playground.families.gan.discriminator import Spectral, SpectralConv2d, SpectralLinear
from playground.networks.convolutional import Decoder, Features, halved
from playground.networks.dense import mlp
from playground.networks.pixels import (
    COARSEST,
    FINEST,
    channels_of,
    coarsest,
    from_pixels,
    halvings,
    patch_of,
    to_pixels,
)
from playground.networks.unet import EMBEDDING, Attention, Block, UNet, zero

PIXELS: tuple[Callable[..., Any], ...] = (channels_of, to_pixels, from_pixels, patch_of, halvings, coarsest)

PARTS: dict[str, tuple[Callable[..., Any], ...]] = {
    "unet": (*PIXELS, zero, Block, Attention, UNet),
    "encoder": (*PIXELS, mlp, halved, Features, Decoder),
    "spectral": (Spectral, SpectralLinear),
    "spectral convolutions": (Spectral, SpectralLinear, SpectralConv2d),
}

CONSTANTS = {"FINEST": FINEST, "COARSEST": COARSEST, "EMBEDDING": EMBEDDING}


def parts(name: str) -> str:
    """The source of one of PARTS, with the constants that it names."""
    texts = [source(one) for one in PARTS[name]]
    constants = [f"{name} = {value}" for name, value in CONSTANTS.items() if any(name in text for text in texts)]
    return "\n\n\n".join([*(["\n".join(constants)] if constants else []), *texts])
