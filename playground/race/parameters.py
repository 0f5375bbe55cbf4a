"""Networks of a given size: the width, or of convolutions the channels, at which the number of parameters comes as near
as it can."""

from functools import lru_cache
from typing import Any

import torch

from playground.config import Config
from playground.families import FAMILIES
from playground.families.base import FamilyConfig

MOST_PARAMETERS = 200_000

Shape = tuple[int, ...]


@lru_cache(maxsize=1024)
def parameters(family: str, config: FamilyConfig, shape: Shape) -> int:
    """How many numbers are trained, in all networks together."""
    with torch.random.fork_rng(devices=[]):
        model = FAMILIES[family](config, shape)
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def resized(family: str, config: FamilyConfig, shape: Shape, wanted: int) -> FamilyConfig:
    """The config with the width, or the channels, at which the number of parameters is nearest to the wanted one. It
    grows with them, so that bisection finds it."""
    size = "channels" if len(shape) > 1 and getattr(config, "network", "") == "convolutional" else "width"
    low, high, step = _range(type(config), size)

    def sized(units: int) -> FamilyConfig:
        return type(config).model_validate(config.model_dump() | {size: low + units * step})

    def off(units: int) -> int:
        return parameters(family, sized(units), shape) - wanted

    few, many = 0, (high - low) // step
    while few < many:  # `many` becomes the least width with enough of them
        middle = (few + many) // 2
        if off(middle) < 0:
            few = middle + 1
        else:
            many = middle
    return sized(min(max(0, many - 1), many, key=lambda units: abs(off(units))))


def _range(config: type[Config], size: str) -> tuple[int, int, int]:
    """The least and the largest value of a setting, and the step between two."""
    bounds: dict[str, Any] = {}
    for part in config.model_fields[size].metadata:
        bounds |= {name: getattr(part, name) for name in ("ge", "le", "multiple_of") if hasattr(part, name)}
    return bounds["ge"], bounds["le"], bounds.get("multiple_of", 1)
