"""A segment of a training on the GPU that ZeroGPU lends, as a function of plain data.

It runs in a process that is forked when a GPU is there, and ended soon after. Everything that it is given and gives is
pickled on the way, by `spaces`: bytes, numbers and text, which no visitor has written.
"""

import math
import time
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import torch

from playground.budget import step_cost
from playground.experiment import Experiment
from playground.families import FAMILIES
from playground.training.guard import Diverged
from playground.training.run import Run
from playground.training.state import State

LONGEST = 20
"""Most seconds that are asked for at once. A visitor without an account has two minutes a day, and who asks for less is
served sooner."""

BEGINNING = 5.0
"""Seconds until CUDA, the data and the run are there, and for the last state's way back: what is asked for besides."""

RESERVE = 1.0
"""Seconds that are left at the end if that takes longer: who takes more than was asked for is stopped."""

EVERY = 0.4
"""Seconds between two states on their way."""

GAINS = 1.2e8
"""Least cost of the networks in one step (see `playground.budget`), in which a GPU gains anything: two milliseconds of
a core."""

WORTH = 5e11
"""Least cost of the steps that are left: ten seconds of a core, twice as long as a GPU takes to begin."""

LAUNCH, RATE = 0.5e-3, 1e12
"""Seconds of a step on the GPU apart from its cost, and its cost in a second: what is asked for, not what is promised,
so that both are on the safe side."""

Piece = dict[str, Any]


def network_cost(experiment: Experiment) -> float:
    """The cost of a step without what is computed on the CPU in any case, as couplings are."""
    family, config = FAMILIES[experiment.family], experiment.config
    return step_cost(family, config, experiment.dataset.shape) - family.overhead(config)


def least_steps(experiment: Experiment) -> int | None:
    """The least number of steps that are worth a GPU. None if it gains nothing by one."""
    cost = network_cost(experiment)
    return math.ceil(WORTH / cost) if cost >= GAINS else None


def seconds(experiment: dict[str, Any], state: bytes, steps: int, only: str | None) -> int:
    """The seconds that a segment asks for; at most so many, and it may end before its last step."""
    each = LAUNCH + network_cost(Experiment.model_validate(experiment)) / RATE
    return math.ceil(min(LONGEST, BEGINNING + steps * each))


def segment(experiment: dict[str, Any], state: bytes, steps: int, only: str | None) -> Generator[Piece, None, None]:
    """Train on from a state (see `State.to_bytes`): so many steps, or as long as there is time. only: the name of the
    one player that trains.

    Yields {"state", "scalars", "seconds": since the last piece, "last": whether the segment is complete}. It ends
    without a last piece if there was no time for a step, or if the training diverges: the process that it came from
    comes to the same, and says so.
    """
    asked, given_at = seconds(experiment, state, steps, only), time.monotonic()
    torch.set_num_threads(1)  # a fork may have none of the threads that its parent had
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    run, given = Run(Experiment.model_validate(experiment), device), State.from_bytes(state)
    there, generator = handed_over(given, device)
    run.load(there)
    began, goal = time.monotonic(), given.step + steps
    end = min(began + asked - BEGINNING, given_at + asked - RESERVE)

    def piece(last: bool) -> Piece:
        nonlocal began
        snapshot, now = run.snapshot(), time.monotonic()
        spent, began = now - began, now
        found = run.state()
        back = found if device.type == "cpu" else replace(found, generator=generator)
        return {"state": back.to_bytes(), "scalars": snapshot.scalars, "seconds": spent, "last": last}

    try:
        while run.step < goal and time.monotonic() < end:
            run.advance(only)
            if time.monotonic() - began >= EVERY and run.step < goal:
                yield piece(last=False)
        complete = piece(last=True)
    except Diverged:
        return
    if run.step > given.step:
        yield complete


def handed_over(state: State, device: torch.device) -> tuple[State, torch.Tensor]:
    """A state of the CPU on another device, and the generator's state for the way back. A GPU has generators of another
    kind: this one is seeded by the next number that the CPU's would have drawn."""
    if device.type == "cpu":
        return state, state.generator
    ours = torch.Generator()
    ours.set_state(state.generator)
    seed = int(torch.randint(2**62, (), generator=ours))
    theirs = torch.Generator(device).manual_seed(seed)
    return replace(state, generator=theirs.get_state()), ours.get_state()
