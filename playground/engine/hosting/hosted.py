"""A run in a host: its progress, its scene, and its pending questions."""

import base64
import time
from collections.abc import Generator
from typing import Any

from playground.engine.hosting.camera import Camera
from playground.engine.hosting.pace import Pace
from playground.engine.hosting.past import Past
from playground.messages import explain
from playground.questions import in_pieces
from playground.scene.scene import Scene
from playground.scene.view_state import ViewState
from playground.training.device import clock_of
from playground.training.guard import Diverged
from playground.training.history import Fork, History
from playground.training.run import Run, Snapshot
from playground.training.state import State

Message = dict[str, Any]

MOST_OWED = 10
"""Most slices that are left out in a row, after a step that took far too long."""

MOST_DUE = 4
"""Most slices that are added to one, after others kept a run from computing in its own."""


class Hosted:
    """A run, what is looked at of it, and its visitor."""

    def __init__(
        self,
        run: Run,
        visitor: str,
        look: ViewState,
        state: str,
        fork: Fork | None = None,
        origin: Message | None = None,
    ):
        """fork, origin: what the run came from, if it was forked (see `Host._fork`)."""
        self.run = run
        self.visitor = visitor
        self.turn = 0  # the number of its last turn
        self.history = fork.history if fork else History(run)
        self.past, self.measured_past = Past(self.history), Past(self.history)
        self.origin = origin
        self.early: list[Message] = []  # messages that wait until it has begun
        self._replay = fork.replay() if fork else None  # what still brings the run to the step of the fork
        self.scene = Scene(self.run, look)
        self.camera = Camera(self.scene)
        self.state = state
        self.message = ""
        self.until: int | None = None  # pause after this step
        self.order = 0  # the last order received, see `Handle`
        self.pace = Pace()
        self.due = True  # a frame is wanted now, independent of the clock
        self.answers: list[tuple[Message, Generator[None, None, Message]]] = []  # in progress
        self.only: str | None = None  # the only player that trains
        self.moved: str | None = None  # the player that trained in the last step
        self.loan: int | None = None  # the number of the loan under way, see `lend`
        self.away = False  # whether it is trained there, and not here
        self._told: Snapshot | None = None  # of the newest state from there
        self._clock = clock_of(run.device)
        self.seconds = 0.0  # spent on training, by that clock
        self._owed = 0.0  # seconds by which its slices were too long so far
        self.rate = 0.0
        self._rate_mark = (0, 0.0)

    @property
    def begins(self) -> bool:
        """Whether the run is still on its way to the step at which it was forked."""
        return self._replay is not None

    def begin(self, seconds: float) -> None:
        """Go on that way for a slice."""
        end_of_slice = time.perf_counter() + seconds
        for _ in self._replay or ():
            if time.perf_counter() >= end_of_slice:
                return
        self._replay = None

    def train(self, seconds: float) -> None:
        """Train for a slice, or until the run pauses, ends or fails. A step may last beyond it: later slices are so
        much shorter, or left out, and runs with long steps get no more time than others. One that others kept from
        computing makes a later one longer."""
        if self._owed >= seconds:
            self._owed -= seconds
            return
        began = self._clock()
        end_of_slice = time.perf_counter() + seconds - self._owed
        try:
            while self.state == "training":
                self.history.advance(self.run, self.only)
                self.moved = self.only
                self.camera.monitor()
                self._stop_at_end()
                if time.perf_counter() >= end_of_slice:
                    break
            self.run.check()
        except Diverged as error:
            self.run.restore()
            self.change("failed", str(error))
        spent = self._clock() - began
        self.seconds += spent
        self._owed = min(max(-MOST_DUE * seconds, self._owed + spent - seconds), MOST_OWED * seconds)

    def _stop_at_end(self) -> None:
        if self.run.step >= self._end:
            self.change("done" if self.run.done else "paused")

    @property
    def _end(self) -> int:
        return self.run.end if self.until is None else self.until

    # A run can be lent to a trainer elsewhere. Here it trains on until states come that are further than it is; then it
    # waits for more of them, until it is given back. Whoever changes the run ends the loan.

    def lend(self, number: int, least: int) -> Message:
        """What another trainer needs to go on with the run: {"experiment", "state", "steps", "only"}. Empty if fewer
        than the least steps are left to train, or in rounds, each of which learns from what this process has made of
        the one before."""
        steps = self._end - self.run.step
        rounds = self.run.family.rounds(self.run.experiment.config)
        if self.state != "training" or steps < least or rounds > 1:
            return {}
        self.loan = number
        experiment, state = self.run.experiment.model_dump(mode="json"), self.run.state().to_bytes()
        return {"experiment": experiment, "state": base64.b64encode(state).decode(), "steps": steps, "only": self.only}

    def take(self, number: int, state: State, snapshot: Snapshot, seconds: float) -> None:
        """Go on from a state that came from there, which took so many seconds more."""
        before = self.run.step
        if number != self.loan or state.step <= before:
            return
        self.history.take(self.run, state, self.only)
        self.away, self._told, self.moved, self.due = True, snapshot, self.only, True
        self.seconds += seconds
        self.camera.monitor(since=before)
        self._stop_at_end()

    def end_loan(self) -> None:
        """Train here again."""
        self.loan, self.away = None, False

    @property
    def trains(self) -> bool:
        """Whether it trains here."""
        return self.state == "training" and not self.away

    @property
    def wants_turn(self) -> bool:
        return self.trains or self.due or self.begins or bool(self.answers) or not self.prepared

    @property
    def prepared(self) -> bool:
        """Whether all that is measured once is there (see `View.ahead`)."""
        return self.camera.prepared

    def prepare(self) -> None:
        """Measure one more piece of it."""
        self.camera.prepare()

    def answer(self, question: Message) -> Generator[None, None, Message]:
        """The answer to a question, in pieces. If it names a step, it is of the model at that step. Figures take long:
        they have a model of their own, so that the picture of another step needn't wait for them."""
        if question.get("step") is None:
            return in_pieces(self.scene, question)
        past = self.measured_past if question["ask"] == "plot" else self.past
        return past.answer(self.run, self.scene.look, question)

    def edit(self, changes: Message) -> bool:
        """Change settings. Returns whether that was possible; if not, the next frame says why."""
        self.due = True
        self.end_loan()
        try:
            self.run.edit(**changes)
        except ValueError as error:
            self.message = explain(error)
            return False
        self.message = self.message if self.state == "failed" else ""
        if self.state == "done" and not self.run.done:  # a round was added
            self.change("paused")
        return True

    def change(self, state: str, message: str = "") -> None:
        self.end_loan()
        self.state, self.message, self.until, self.only, self.due = state, message, None, None, True

    def frame(self) -> Message:
        now = time.monotonic()
        step, since = self._rate_mark
        if now - since > 0.5:
            self.rate = (self.run.step - step) / (now - since) if since else 0.0
            self._rate_mark = (self.run.step, now)
        self.due = False
        training = self.state == "training"
        said: Message = {"state": self.state, "message": self.message, "rate": round(self.rate)}
        said["seconds"] = round(self.seconds, 3)
        also = {"moved": self.moved, "origin": self.origin, "prepares": self.run.prepares}
        said |= {name: value for name, value in also.items() if value}
        there = self._told if self._told and self._told.step == self.run.step else None
        return self.camera.frame(there or self.run.snapshot(), whole=not training, **said)
