"""The networks that all families share. For points they are fully connected; for images convolutional, or also fully
connected, as the settings say.

A family asks for the network that its paper needs, with its settings and the shape of a datum. Its data are rows of
numbers in any case: (n, dim).
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Protocol

from torch import nn

from playground.networks.convolutional import Decoder, Features
from playground.networks.dense import ACTIVATIONS, ConditionedMLP, mlp
from playground.networks.features import PlaceFeatures, TimeFeatures
from playground.networks.pixels import Shape, dim_of
from playground.networks.unet import UNet

__all__ = [
    "ACTIVATIONS",
    "PlaceFeatures",
    "Settings",
    "Shape",
    "TimeFeatures",
    "conditioned",
    "convolutional",
    "decoder",
    "encoder",
    "features",
    "mlp",
]


Layer = Callable[..., nn.Module]
"""Makes a layer from the arguments of nn.Linear or nn.Conv2d."""


class Settings(Protocol):
    """What decides on the size of a network. width, depth: of a fully connected one. channels: of a convolutional
    one, at the finest resolution."""

    @property
    def network(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def channels(self) -> int: ...


def convolutional(settings: Settings, shape: Shape) -> bool:
    """Whether networks for data of this shape are convolutional."""
    return len(shape) > 1 and settings.network == "convolutional"


def features(
    settings: Settings,
    shape: Shape,
    activation: str = "silu",
    together: int = 1,
    linear: Layer = nn.Linear,
    conv: Layer = nn.Conv2d,
) -> tuple[nn.Module, int]:
    """All layers but the last of an encoder, and how many numbers (…, size) it makes of `together` data (…, together ·
    dim). linear, conv: the kinds of layers."""
    if convolutional(settings, shape):
        found = Features(shape, settings.channels, activation, together, conv)
        return found, found.size
    sizes = [together * dim_of(shape)] + [settings.width] * (settings.depth - 1)
    layers = (part for a, b in pairwise(sizes) for part in (linear(a, b), ACTIVATIONS[activation]()))
    return nn.Sequential(*layers), sizes[-1]


def encoder(settings: Settings, shape: Shape, outputs: int, activation: str = "silu") -> nn.Module:
    """Maps data (…, dim) to numbers (…, outputs)."""
    if convolutional(settings, shape):
        found = Features(shape, settings.channels, activation)
        return nn.Sequential(found, nn.Linear(found.size, outputs))
    return mlp(dim_of(shape), outputs, settings.width, settings.depth, activation)


def decoder(settings: Settings, inputs: int, shape: Shape, activation: str = "silu") -> nn.Module:
    """Maps numbers (…, inputs) to data (…, dim)."""
    if convolutional(settings, shape):
        return Decoder(inputs, shape, settings.channels, activation)
    return mlp(inputs, dim_of(shape), settings.width, settings.depth, activation)


def conditioned(settings: Settings, shape: Shape, conditions: int, harmonics: bool = True) -> nn.Module:
    """Maps data x (n, dim) and conditions (n, conditions), such as a time and a class, to data (n, dim). harmonics:
    whether it sees places of the plane as `PlaceFeatures`."""
    if convolutional(settings, shape):
        return UNet(shape, conditions, settings.channels)
    return ConditionedMLP(dim_of(shape), conditions, settings.width, settings.depth, harmonics)
