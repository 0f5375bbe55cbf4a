"""How long a training step takes, measured before a race of equal seconds."""

from collections.abc import Generator
from statistics import median

import torch

from playground.experiment import LONGEST, Experiment
from playground.training.device import clock_of
from playground.training.likelihood import at_once
from playground.training.run import Run

WARM_UP = 10
"""Steps before the measurement: the first ones load and allocate."""

BLOCK = 16
"""Steps of a block; a term of a loss may be computed only in every fourth. The median is over blocks."""

ENOUGH, MOST, LEAST = 0.4, 1.2, 3
"""Seconds of measurement for cheap steps, and for expensive ones; and blocks."""


def seconds_a_step(experiment: Experiment, device: str | torch.device | None = None) -> float:
    """The median time of a training step of an experiment, in seconds (see `measured`)."""
    return at_once(measured(experiment, device))


def measured(experiment: Experiment, device: str | torch.device | None = None) -> Generator[None, None, float]:
    """The median time of a training step, in seconds. Yields after each step. On a CPU it is the time of the thread,
    whatever others do meanwhile. Raises Diverged."""
    run = Run(experiment.model_copy(update={"steps": LONGEST}), device)  # no end comes near
    clock = clock_of(run.device)
    for _ in range(WARM_UP):
        run.advance()
        yield
    run.check()
    blocks: list[float] = []
    while (total := sum(blocks) * BLOCK) < ENOUGH or (len(blocks) < LEAST and total < MOST):
        spent = 0.0
        for i in range(BLOCK):
            began = clock()
            run.advance()
            if i == BLOCK - 1:
                run.check()
            spent += clock() - began
            yield
        blocks.append(spent / BLOCK)
    return median(blocks)
