"""Networks of a given size: the width at which the number of parameters comes as near as it can."""

from functools import lru_cache
from typing import Any

import torch

from playground.config import Config
from playground.families import FAMILIES
from playground.families.base import FamilyConfig

WIDTH = "width"
"""The setting that is chosen; a family without it keeps its size."""

MOST_PARAMETERS = 200_000

Shape = tuple[int, ...]


@lru_cache(maxsize=1024)
def parameters(family: str, config: FamilyConfig, shape: Shape) -> int:
    """How many numbers are trained, in all networks together."""
    with torch.random.fork_rng(devices=[]):
        model = FAMILIES[family](config, shape)
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def resized(family: str, config: FamilyConfig, shape: Shape, wanted: int) -> FamilyConfig:
    """The config with the width at which the number of parameters is nearest to the wanted one. It grows with the
    width, so that bisection finds it."""
    low, high, step = _range(type(config))
    if step == 0:
        return config

    def sized(units: int) -> FamilyConfig:
        return type(config).model_validate(config.model_dump() | {WIDTH: low + units * step})

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


def _range(config: type[Config]) -> tuple[int, int, int]:
    """The least and the largest width, and the step between two; a step of 0 if there is no such setting."""
    field = config.model_fields.get(WIDTH)
    bounds: dict[str, Any] = {}
    for part in field.metadata if field else ():
        bounds |= {name: getattr(part, name) for name in ("ge", "le", "multiple_of") if hasattr(part, name)}
    if not bounds:
        return 0, 0, 0
    return bounds["ge"], bounds["le"], bounds.get("multiple_of", 1)
