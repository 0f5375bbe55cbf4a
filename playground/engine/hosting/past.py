"""The past of a run: its model as it was at an earlier step, to be asked while the run itself goes on."""

import time
from collections.abc import Generator
from typing import Any

from playground.questions import in_pieces
from playground.scene.scene import Scene
from playground.scene.view_state import ViewState
from playground.training.history import History
from playground.training.run import Run

Message = dict[str, Any]

PIECE = 0.012
"""Seconds of training again, after which other runs have their turns."""

PATIENCE = 15.0
"""Seconds that a question may wait for the training that is repeated. Another question goes on from there."""


class Past:
    """A second model of a run, brought to the step that a question names. Built when it is first needed."""

    def __init__(self, history: History):
        self.history = history
        self._run: Run | None = None
        self._scene: Scene | None = None
        self._at = (-1, -1)  # the step, and the number of edits of the settings, of the scene
        self._asked = 0  # how many questions about it are in progress

    def answer(self, run: Run, look: ViewState, question: Message) -> Generator[None, None, Message]:
        """The answer to a question that names a step, about the run as it was then (see `questions.in_pieces`). What
        only changes how a model is sampled and measured is as it is set now, as the page shows it.

        look: what is looked at, unless the question says. Raises ValueError, with a sentence for the visitor.
        """
        step, view = question["step"], question.get("view")
        if step > run.step:
            raise ValueError(f"This run has come to step {run.step:,}. Ask about that step, or an earlier one.")
        self.history.before(step)
        at = (step, run.edits)
        while self._asked and self._at != at:  # the model is needed elsewhere
            yield
        if self._at != at:
            self._at, self._scene = at, None
        self._asked += 1
        try:
            past = yield from self._go_to(step, run)
            if self._scene is None:
                past.configure(run.experiment.config)
                past.edits = run.edits
                self._scene = Scene(past)
            self._scene.see(look if view is None else ViewState.model_validate(view))
            return (yield from in_pieces(self._scene, question))
        finally:
            self._asked -= 1

    def _go_to(self, step: int, run: Run) -> Generator[None, None, Run]:
        state = self.history.before(step)
        if self._run is None:
            self._run = Run(run.experiment, run.device)
            self._run.load(state)
        elif not state.step <= self._run.step <= step:
            self._run.load(state)
        begin = end = time.monotonic()
        for _ in self.history.replay(self._run, step):
            now = time.monotonic()
            if now - begin > PATIENCE:
                raise ValueError("The model of this step must be trained again, which takes a while. Ask once more.")
            if now - end > PIECE:
                yield
                end = time.monotonic()
        return self._run
