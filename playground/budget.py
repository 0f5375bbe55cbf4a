"""What a run may cost, in floating-point operations.

The bounds keep one visitor's run from holding up the others. Everything here is a pure function of a family, its
config and the shape of a datum, so that an experiment is refused before anything is built.
"""

import math
from functools import lru_cache

import torch
from torch.utils.flop_counter import FlopCounterMode

from playground.families.base import Family, FamilyConfig

MAX_STEP_COST = 1.5e9
"""Of one training step: about 30 ms on one core."""

MAX_RUN_COST = 1e13
"""Of a whole run: some five minutes on one core, fifty times the default."""

MAX_SAMPLING_COST = 2e11
"""Of STAGE_SAMPLES samples at once: four or five seconds, which a thousand guided steps of two evaluations take on the
default network. While a run trains, only a share of them is renewed."""

STAGE_SAMPLES = 1500
"""Samples that the page shows: enough for a shape, few enough to be followed through any solver."""

Shape = tuple[int, ...]


PROBE = 8
"""Data that are sent through the networks to count what they do."""


@lru_cache(maxsize=1024)
def forward_flops(family: type[Family], config: FamilyConfig, shape: Shape) -> float:
    """Of sending one datum of this shape once through all networks of the family (see `Family.forward`): as PyTorch
    counts the operations themselves, on tensors without memory; at least one for each parameter, since it knows matrix
    products and convolutions, but not every operation."""
    with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        model = family(config, shape)
        model(torch.empty(PROBE, math.prod(shape)))
    return max(counter.get_total_flops() / PROBE, sum(p.numel() for p in model.parameters()))


def step_cost(family: type[Family], config: FamilyConfig, shape: Shape) -> float:
    """Of one training step. The way back through a network costs twice as much as the way there."""
    return 3 * forward_flops(family, config, shape) * config.batch_size * family.passes(config)


def affordable_samples(family: type[Family], config: FamilyConfig, shape: Shape) -> int:
    """How many samples may be asked for at once."""
    return int(MAX_SAMPLING_COST / (forward_flops(family, config, shape) * family.evaluations(config)))


def too_much(family: type[Family], config: FamilyConfig, shape: Shape, steps: int) -> str:
    """A sentence for the visitor if a run of so many steps costs more than it may, else nothing."""
    step = step_cost(family, config, shape)
    if step > MAX_STEP_COST:
        return "This network with this batch is too much for one step. Choose a smaller batch, width or depth."
    if step * steps > MAX_RUN_COST:
        most = int(MAX_RUN_COST / step)
        return f"This would train for too long. This network with this batch may take {most:,} steps."
    if affordable_samples(family, config, shape) < STAGE_SAMPLES:
        return "Sampling would take too long. Choose fewer solver steps, or a smaller width or depth."
    return ""
