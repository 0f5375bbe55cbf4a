"""The history of a run: saved states from which another run can be forked.

history = History(run.experiment.steps)
while not run.done:
    run.advance()
    history.keep(run)
other, its_history = history.fork(run, step=900, changes={"r1": 0.1})  # from the last state up to step 900
"""

import math
from collections.abc import Mapping
from typing import Any

from playground.training.run import Run, State

STATES = 20
"""Maximum number of saved states per run: one for each twentieth of its training."""

BYTES = 16_000_000
"""Maximum memory of the saved states, in bytes. Large models have fewer states, further apart."""


class History:
    """The saved states of one run, in the order of their steps."""

    def __init__(self, steps: int):
        self.every = max(1, math.ceil(steps / STATES))
        self.states: list[State] = []

    def keep(self, run: Run) -> None:
        """Save the state of a run if the next one is due. Call it after each step."""
        if run.step % self.every or (self.states and self.states[-1].step >= run.step):
            return
        self.states.append(run.state())
        while len(self.states) > 1 and (len(self.states) > STATES or sum(state.bytes for state in self.states) > BYTES):
            self.states = self.states[1::2]
            self.every *= 2

    def before(self, step: int) -> State | None:
        """The last saved state at or before a step, or None if there is none."""
        return next((state for state in reversed(self.states) if state.step <= step), None)

    def fork(self, run: Run, step: int, changes: Mapping[str, Any]) -> tuple[Run, "History"]:
        """Another run, forked from the last state at or before a step with changed settings, and its history.

        If a setting can't change during training, the new run starts from the beginning, with the same seed. ValueError
        (ValidationError is one) for invalid settings.
        """
        wanted = run.experiment.changed(changes)
        other = Run(wanted)
        history = History(run.experiment.steps)
        history.every = self.every
        state = self.before(step)
        if state is not None and run.experiment.live_changes(wanted) is not None:
            other.load(state)
            history.states = [kept for kept in self.states if kept.step <= state.step]  # shared, never modified
        return other, history
