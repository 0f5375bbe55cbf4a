"""The history of a run: the model at any earlier step, bit for bit, and other runs that part from there.

    history = History(run)
    while not run.done:
        history.advance(run)
    for _ in history.replay(past, step=905):  # `past` is another Run of the same experiment
        pass
    other, its_history = history.fork(run, step=905, changes={"r1": 0.1}).reach()

Some states are saved, evenly spaced. A step between two of them is reached from the one before it by training again,
which is exact: a state has everything that the next step depends on, and what was set when is recorded.
"""

import copy
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from playground.families.base import FamilyConfig
from playground.training.run import Run
from playground.training.state import State

STATES = 60
"""Maximum number of saved states per run. A training of 4,000 steps has one every 67 steps: what lies between two of
them is trained again in less than a tenth of a second."""

BYTES = 48_000_000
"""Maximum memory of the saved states, in bytes. Large models have fewer states, further apart, and so has each of many
runs in one process (see `History.limit`)."""

ORDERS = 10_000
"""Most orders that are recorded. After so many changes of the settings, the older half of the history is forgotten."""


@dataclass(frozen=True)
class Order:
    """What was set from a step on: the settings, and the only player that trained, or None for all."""

    step: int
    config: FamilyConfig
    only: str | None


class History:
    """The saved states of one run, in the order of their steps, and how it went from each to the next."""

    def __init__(self, run: Run):
        self.every = max(1, math.ceil(run.end / STATES))
        self.orders: list[Order] = []
        self._run = run
        self._most: float = math.inf

    @cached_property
    def states(self) -> list[State]:
        """The saved states. The first one is taken before the first step, and not before it is needed: it takes an
        optimizer, for which PyTorch loads half of itself."""
        return [self._run.state()]

    @property
    def first(self) -> int:
        """The earliest step that can be reached."""
        return self.states[0].step

    def advance(self, run: Run, only: str | None = None) -> None:
        """One training step of the run (see `Run.advance`), recorded. Raises Diverged."""
        self._record(run, only)
        run.advance(only)
        if len(self.orders) > ORDERS:
            self.orders = self.orders[ORDERS // 2 :]
            self.states = [state for state in self.states if state.step >= self.orders[0].step] or [run.state()]
        if run.step % self.every == 0 and self.states[-1].step < run.step:
            self._keep(run.state())

    def take(self, run: Run, state: State, only: str | None = None) -> None:
        """Let the run be in a later state, to which it was trained elsewhere. If that was on another device, a step
        before it is reached by other random numbers than there."""
        self._record(run, only)
        run.load(state)
        self._keep(state)

    def _record(self, run: Run, only: str | None) -> None:
        """Record what is set from this step on."""
        _ = self.states  # the first one is of before this step
        order = Order(run.step, run.experiment.config, only)
        last = self.orders[-1] if self.orders else None
        if last is None or last.config is not order.config or last.only != order.only:
            self.orders.append(order)

    def limit(self, most: int) -> None:
        """Keep at most so many bytes of states from now on, and never more than BYTES."""
        self._most = most
        if "states" in self.__dict__:  # otherwise there are none yet
            self._thin_out()

    def _keep(self, state: State) -> None:
        self.states.append(state)
        self._thin_out()

    def _thin_out(self) -> None:
        while len(self.states) > 2 and (len(self.states) > STATES or self._bytes() > min(self._most, BYTES)):
            self.states = self.states[::2]  # the first one stays
            self.every *= 2

    def _bytes(self) -> int:
        materials = {id(state.material): state.material for state in self.states if state.material is not None}
        return sum(item.nbytes for item in materials.values()) + sum(state.nbytes for state in self.states)

    def before(self, step: int) -> State:
        """The last saved state at or before a step. ValueError, with a sentence for the visitor, if there is none."""
        found = bisect_right(self.states, step, key=lambda state: state.step)
        if not found:
            raise ValueError(f"The history of this run begins at step {self.first:,}.")
        return self.states[found - 1]

    def replay(self, run: Run, step: int) -> Iterator[None]:
        """Train another run again as this one was trained, from one of its states or from wherever an earlier replay
        came to, up to a step. Yields after each step."""
        while run.step < step:
            order = self.orders[bisect_right(self.orders, run.step, key=lambda order: order.step) - 1]
            run.configure(order.config)
            run.advance(order.only)
            yield

    def fork(self, run: Run, step: int, changes: Mapping[str, Any]) -> "Fork":
        """Another run that parts from this one at a step, with changed settings.

        If a setting can't change during training, the new run starts from the beginning, with the same seed. ValueError
        (ValidationError is one) for invalid settings, or for a step without history.
        """
        wanted = run.experiment.changed(changes)
        if run.experiment.live_changes(wanted) is None:
            other = Run(wanted, run.device)
            return Fork(other, History(other), wanted.config, 0)
        state = self.before(step)
        other = Run(run.experiment, run.device)
        other.load(state)
        history = copy.copy(self)
        history.states = [kept for kept in self.states if kept.step <= step]  # shared, never modified
        history.orders = [order for order in self.orders if order.step < step]
        return Fork(other, history, wanted.config, step)


@dataclass
class Fork:
    """A run that parts from another at a step, and its history, which is that of the other up to there. It is at an
    earlier state until `replay` has come to its end."""

    run: Run
    history: History
    config: FamilyConfig
    step: int

    def replay(self) -> Iterator[None]:
        """Bring the run to its step, and change its settings. Yields after each step."""
        yield from self.history.replay(self.run, self.step)
        self.run.configure(self.config)

    def reach(self) -> tuple[Run, History]:
        """The run at its step, and its history."""
        for _ in self.replay():
            pass
        return self.run, self.history
