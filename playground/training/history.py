"""The past of a run: states that another run can part from, to see what would have been.

past = Past(run.experiment.steps)
while not run.done:
    run.advance()
    past.keep(run)
other = past.fork(run, step=900, changes={"r1": 0.1})  # as it was near step 900, but with another setting
"""

import math
from collections.abc import Mapping
from typing import Any

from playground.training.run import Run, State

STATES = 20
"""Most states that are kept of a run: one for each twentieth of its training …"""

BYTES = 16_000_000
"""… and most memory that they take. Of large models there are fewer, further apart."""


class History:
    """The states of one run, in the order of their steps."""

    def __init__(self, steps: int):
        self.every = max(1, math.ceil(steps / STATES))
        self.states: list[State] = []

    def keep(self, run: Run) -> None:
        """Keep the state of a run, if it is time again. Call it after each step."""
        if run.step % self.every or (self.states and self.states[-1].step >= run.step):
            return
        self.states.append(run.state())
        while len(self.states) > 1 and (len(self.states) > STATES or sum(state.bytes for state in self.states) > BYTES):
            self.states = self.states[1::2]
            self.every *= 2

    def before(self, step: int) -> State | None:
        """The last state at or before a step; None if there is none, and only the beginning remains."""
        return next((state for state in reversed(self.states) if state.step <= step), None)

    def fork(self, run: Run, step: int, changes: Mapping[str, Any]) -> tuple[Run, "History"]:
        """Another run, which parts from this one at the last state before a step, with other settings; and its past.

        Where one of them can't change while training, it begins anew, from the same seed. ValueError (ValidationError
        is one) for settings that are wrong.
        """
        wanted = run.experiment.changed(changes)
        other = Run(wanted)
        history = History(run.experiment.steps)
        history.every = self.every
        state = self.before(step)
        if state is not None and run.experiment.live_changes(wanted) is not None:
            other.load(state)
            history.states = [kept for kept in self.states if kept.step <= state.step]  # shared: nobody writes to them
        return other, history
