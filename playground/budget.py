"""Limits on the cost of a run, in floating-point operations.

The limits keep one visitor's run from delaying the others. Everything here is a pure function of a family, its
config and the shape of a datum, so that an experiment is refused before anything is built.
"""

import math
from functools import lru_cache

import torch
from torch.utils.flop_counter import FlopCounterMode

from playground.families.base import Family, FamilyConfig

MAX_STEP_COST = 1.5e9
"""Maximum cost of one training step: about 30 ms on one core."""

MAX_RUN_COST = 1e13
"""Maximum cost of a whole run: about five minutes on one core, fifty times the default."""

MAX_SAMPLING_COST = 2e11
"""Maximum cost of drawing STAGE_SAMPLES samples at once: four or five seconds, the time of a thousand guided steps of
two evaluations on the default network. While a run trains, only a share of the samples is renewed."""

STAGE_SAMPLES = 1500
"""Number of samples that the page shows: enough to show a shape, few enough to trace through any solver."""

Shape = tuple[int, ...]


PROBE = 8
"""Batch size used to count the operations of the networks."""


@lru_cache(maxsize=1024)
def forward_flops(family: type[Family], config: FamilyConfig, shape: Shape) -> float:
    """Cost of sending one datum of this shape once through all networks of the family (see `Family.forward`).

    PyTorch counts the operations, on tensors without memory (the meta device): those of matrix products and
    convolutions. Each parameter counts at least once, whatever its operation.
    """
    with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        model = family(config, shape)
        model(torch.empty(PROBE, math.prod(shape)))
    return max(counter.get_total_flops() / PROBE, sum(p.numel() for p in model.parameters()))


def step_cost(family: type[Family], config: FamilyConfig, shape: Shape) -> float:
    """Cost of one training step. A backward pass costs twice as much as a forward pass."""
    return 3 * forward_flops(family, config, shape) * config.batch_size * family.passes(config)


def affordable_samples(family: type[Family], config: FamilyConfig, shape: Shape) -> int:
    """The maximum number of samples in one request."""
    return int(MAX_SAMPLING_COST / (forward_flops(family, config, shape) * family.evaluations(config)))


def too_much(family: type[Family], config: FamilyConfig, shape: Shape, steps: int) -> str:
    """A sentence for the visitor if a run of `steps` steps exceeds the budget, else an empty string."""
    step = step_cost(family, config, shape)
    if step > MAX_STEP_COST:
        return "This network with this batch is too much for one step. Choose a smaller batch, width or depth."
    if step * steps > MAX_RUN_COST:
        most = int(MAX_RUN_COST / step)
        return f"This would train for too long. This network with this batch may take {most:,} steps."
    if affordable_samples(family, config, shape) < STAGE_SAMPLES:
        return "Sampling would take too long. Choose fewer solver steps, or a smaller width or depth."
    return ""
