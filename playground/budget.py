"""Limits on the cost of a run, in floating-point operations.

The limits keep one visitor's run from delaying the others. Everything here is a pure function of a family, its
config and the shape of a datum, so that an experiment is refused before anything is built.
"""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from playground.data.kinds import kind_of
from playground.families.base import Family, FamilyConfig

MAX_STEP_COST = 1.6e9
"""Maximum cost of one training step: about 30 ms on one core."""

MAX_RUN_COST = 1e13
"""Maximum cost of a whole run: about five minutes on one core, fifty times the default."""

MAX_RACE_COST = 2 * MAX_RUN_COST
"""Maximum cost of all runs of a race together, those of further seeds included."""

MAX_SAMPLING_COST = 2e11
"""Maximum cost of drawing the Stage's samples at once: four or five seconds, the time of a thousand guided steps of
two evaluations on the default network. While a run trains, only a share of the samples is renewed."""

STAGE_SAMPLES = 1500
"""Number of points that the page shows: enough to show a shape, few enough to trace through any solver."""

STAGE_IMAGES = 64
"""Number of images that the page shows: the most that can be distinguished on a phone."""

Shape = tuple[int, ...]


def stage_samples(shape: Shape) -> int:
    """The number of samples that the page shows, of data of this shape."""
    return STAGE_IMAGES if kind_of(shape) == "images" else STAGE_SAMPLES


CONVOLUTIONS = 0.5
"""What an operation of a convolution costs, relative to one of a product of small matrices, which waits for memory: on
one core, 100 in a nanosecond instead of 50."""

PROBE = 8
"""Batch size used to count the operations of the networks."""


class FlopCounter(TorchDispatchMode):
    """Counts the operations of matrix products and convolutions, as `torch.utils.flop_counter.FlopCounterMode` does.

    That one, and tensors without memory (the meta device), load PyTorch's compiler: a second of CPU time for nothing.
    Nothing is drawn at random, so that counting disturbs no generator.
    """

    total = 0.0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # nothing is compiled, so there is no compiler to keep out

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func in INSTEAD_OF_RANDOM:
            return INSTEAD_OF_RANDOM[func](args[0])
        out = func(*args, **(kwargs or {}))
        if count := flop_registry.get(func._overloadpacket):
            weight = CONVOLUTIONS if "convolution" in func._overloadpacket.__name__ else 1
            self.total += weight * count(*args, **(kwargs or {}), out_val=out)
        return out


INSTEAD_OF_RANDOM: dict[Any, Callable[[Any], Tensor]] = {
    torch.ops.aten.uniform_.default: Tensor.zero_,
    torch.ops.aten.normal_.default: Tensor.zero_,
    torch.ops.aten.randperm.default: torch.arange,
}


@lru_cache(maxsize=1024)  # an experiment is asked for it three times, and settling what is live takes 25 µs
def forward_flops(family: type[Family], config: FamilyConfig, shape: Shape) -> float:
    """Cost of sending one datum of this shape once through all networks of the family (see `Family.forward`).

    Products and convolutions are counted, as PyTorch runs them on PROBE points. Each parameter counts at least once,
    whatever its operation.
    """
    fields = type(config).model_fields
    live = {name: field.get_default() for name, field in fields.items() if config.is_live(name)}
    return _counted(family, config.model_copy(update=live), shape)  # what may change in training is no network's


@lru_cache(maxsize=1024)
def _counted(family: type[Family], config: FamilyConfig, shape: Shape) -> float:
    with torch.no_grad(), FlopCounter() as counter:
        model = family(config, shape)
        model(torch.zeros(PROBE, math.prod(shape)))
    return max(counter.total / PROBE, sum(p.numel() for p in model.parameters()))


def step_cost(family: type[Family], config: FamilyConfig, shape: Shape) -> float:
    """Cost of one training step. A backward pass costs twice as much as a forward pass."""
    network = 3 * forward_flops(family, config, shape) * config.batch_size * family.passes(config)
    return network + family.overhead(config)


def affordable_samples(family: type[Family], config: FamilyConfig, shape: Shape) -> int:
    """The maximum number of samples in one request."""
    return int(MAX_SAMPLING_COST / (forward_flops(family, config, shape) * family.evaluations(config)))


def too_much(family: type[Family], config: FamilyConfig, shape: Shape, steps: int) -> str:
    """A sentence for the visitor if a run exceeds the budget, else an empty string. steps: those of each round."""
    step, rounds = step_cost(family, config, shape), family.rounds(config)
    before = forward_flops(family, config, shape) * family.preparation(config, math.prod(shape)) * (rounds - 1)
    if step > MAX_STEP_COST and family.overhead(config) > step / 2:
        return "This coupling is too much for one step. Choose a smaller batch, or fewer points coupled at once."
    if step > MAX_STEP_COST:
        return "This network with this batch is too much for one step. Choose a smaller batch, or a smaller network."
    if step * steps * rounds + before > MAX_RUN_COST:
        most = max(0, int((MAX_RUN_COST - before) / step / rounds))
        each = f", {rounds} times" if rounds > 1 else ""
        return f"This would train for too long. This network with this batch may take {most:,} steps{each}."
    if affordable_samples(family, config, shape) < stage_samples(shape):
        return "Sampling would take too long. Choose fewer solver steps, or a smaller network."
    return ""


def race_too_long(costs: Iterable[float]) -> str:
    """A sentence for the visitor if runs that cost so much each, `step_cost` times their steps, are too much for one
    race, else an empty string."""
    share = sum(costs) / MAX_RACE_COST
    if share <= 1:
        return ""
    return (
        f"This race would take {share:.1f} times as long as a race may. Choose fewer contestants, seeds or steps, or "
        "smaller networks."
    )
