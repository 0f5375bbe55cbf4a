"""The page's end of a run: its settings, its newest frame, and methods that send it messages."""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from playground.experiment import Experiment
from playground.questions import check
from playground.scene.view_state import ViewState

Message = dict[str, Any]

ACTIVE = "training"
PATIENCE = 20.0
"""Seconds that a question may wait for its answer."""


IDLE = 0.002
"""Seconds between two looks at a host in this process that has nothing to do."""

BUSY = "The trainer is too busy to answer. Try again in a minute."

GONE = "This run is no longer there. Press Train to start another."


class Gone(RuntimeError):
    """The run was closed, or its worker died; the message says which."""


@dataclass
class Handle:
    """A run that an engine hosts.

    experiment: as the host last confirmed it; `expected` includes pending edits.
    post: sends the host a message. pump: gives the host a turn, for an engine in the caller's thread; False if it has
    nothing to do.
    state: "training", "paused", "done", "failed" or "closed". sent: the number of frames received. frame: the newest.
    came: when it came, or None if the run was at rest since, or has none.
    scalars: the newest value of each, since not every frame measures all.
    watchers: how many wait for its frames. interrupted: whether it was paused because its visitor went elsewhere, so
    that it goes on when the visitor comes back.
    """

    name: str
    experiment: Experiment
    visitor: str
    post: Callable[[Message], None]
    pump: Callable[[], bool] | None = None
    state: str = ACTIVE
    message: str = ""
    step_count: int = 0
    sent: int = 0
    frame: str = ""
    came: float | None = None
    scalars: dict[str, float] = field(default_factory=dict)
    lost: bool = False
    watchers: int = 0
    interrupted: bool = False
    used: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._condition = threading.Condition()
        self._listeners: set[Callable[[], None]] = set()
        self._answers: dict[int, Message | None] = {}  # None while a question is pending
        self._numbers = itertools.count()
        self._orders = 0  # the number of orders sent
        self._edits: dict[int, dict[str, Any]] = {}  # not yet confirmed by the host

    @property
    def over(self) -> bool:
        """Whether the run is closed or its host lost, so that it answers no more."""
        return self.lost or self.state == "closed"

    @property
    def expected(self) -> Experiment:
        """The experiment once the host has accepted the pending edits."""
        with self._condition:
            experiment = self.experiment
            for changes in self._edits.values():
                with suppress(ValidationError):  # the host will refuse it
                    experiment = experiment.changed(changes)
            return experiment

    # Messages to the host.

    def pause(self) -> None:
        self.interrupted = False
        self._tell("pause")

    def interrupt(self) -> None:
        """Pause until the visitor comes back."""
        training = self.state == ACTIVE
        self.pause()
        self.interrupted = training

    def resume(self, longer: bool = False) -> None:
        """Go on with the training. longer: also if it is done, after an edit that adds a round."""
        self.interrupted = False
        if self.state == "paused" or (longer and self.state == "done"):
            self.state = ACTIVE
        self._order("resume")

    def step(self, steps: int, only: str | None = None) -> None:
        """Train for this many steps, then pause. A trained run may take steps beyond its end. only: the name of the one
        player that trains."""
        self.interrupted = False
        if self.state in ("paused", "done"):
            self.state = ACTIVE
        self._order("step", steps=steps, only=only)

    def _order(self, do: str, **more: Any) -> None:
        # An older frame may still arrive. Each frame carries the number of the last order that the host received.
        self._orders += 1
        self.came = None
        self._tell(do, order=self._orders, **more)

    def edit(self, changes: dict[str, Any]) -> None:
        """Change settings that may change while training. A refusal comes with the next frame and changes nothing."""
        number = next(self._numbers)
        with self._condition:
            self._edits[number] = changes
        self._change("edit", changes=changes, edit=number)

    def look(self, look: ViewState) -> None:
        self._change("look", look=look.model_dump(mode="json"))

    def _change(self, do: str, **more: Any) -> None:
        """Send a change. While the run trains, the next frame shows it. At rest, one frame answers it, so it is sent as
        an order, which older frames don't satisfy."""
        (self._tell if self.state == ACTIVE else self._order)(do, **more)

    def close(self) -> None:
        if self.state != "closed":
            self._tell("close")
            self.receive({"state": "closed", "step": self.step_count, "message": ""})

    def _tell(self, do: str, **more: Any) -> None:
        self.used = time.monotonic()
        if not self.over:
            self.post({"do": do, "run": self.name, **more})

    # Messages from the host.

    def receive(self, message: Message) -> None:
        """Process a message of the host. Called from the engine's thread."""
        with self._condition:
            if "question" in message:
                if message["question"] in self._answers:  # otherwise the question has timed out
                    self._answers[message["question"]] = message
            elif "edit" in message:
                changes = self._edits.pop(message["edit"], None)
                if changes is not None and message["accepted"]:
                    self.experiment = self.experiment.changed(changes)
            elif self.state != "closed" and message.get("order", self._orders) == self._orders:
                self.state, self.step_count, self.message = message["state"], message["step"], message["message"]
                self.frame = message.get("frame") or json.dumps(message)  # a notice without a picture
                self.scalars = self.scalars | message.get("scalars", {})
                self.came = time.monotonic()
                self.sent += 1
            self._condition.notify_all()
        for listener in tuple(self._listeners):
            listener()

    def lose(self, message: str) -> None:
        """Mark the run as failed because its host died. Called from the engine's thread."""
        self.lost = True
        self.receive({"state": "failed", "step": self.step_count, "message": message})

    def wait(self, seen: int, timeout: float) -> bool:
        """Wait until more than `seen` frames have come. False after a timeout."""
        return self._wait(lambda: self.sent > seen, timeout)

    def ask(self, question: dict[str, Any], timeout: float = PATIENCE) -> Any:
        """The answer to a question (see `playground.questions`).

        Raises ValueError (pydantic's ValidationError is one) for a question that can't be answered, and Gone.
        """
        number = self._pose(question)
        self._wait(lambda: self._answers[number] is not None or self.over, timeout)
        return self._answer(number)

    async def ask_soon(self, question: dict[str, Any], timeout: float = PATIENCE) -> Any:
        """`ask`, for an event loop."""
        number = self._pose(question)
        await self._wait_soon(lambda: self._answers[number] is not None or self.over, timeout)
        return self._answer(number)

    async def wait_soon(self, seen: int, timeout: float) -> bool:
        """`wait`, for an event loop."""
        return await self._wait_soon(lambda: self.sent > seen, timeout)

    def _pose(self, question: dict[str, Any]) -> int:
        checked, number = check(question), next(self._numbers)
        self._answers[number] = None
        self._tell("ask", question=checked, number=number)
        return number

    def _answer(self, number: int) -> Any:
        reply = self._answers.pop(number)
        if reply is None:
            raise Gone((self.message or GONE) if self.over else BUSY)
        if "error" in reply:
            raise ValueError(reply["error"])
        return reply["answer"]

    def _wait(self, come: Callable[[], bool], timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        if self.pump is not None:
            while not come() and time.monotonic() < deadline:
                if not self.pump():
                    time.sleep(IDLE)
            return come()
        with self._condition:
            return self._condition.wait_for(come, timeout)

    async def _wait_soon(self, come: Callable[[], bool], timeout: float) -> bool:
        if self.pump is not None:
            deadline = time.monotonic() + timeout
            while not come() and time.monotonic() < deadline:
                await asyncio.sleep(0 if self.pump() else IDLE)  # others of the loop have their turns, too
            return come()
        loop, event = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(event.set)

        self._listeners.add(wake)
        try:
            deadline = time.monotonic() + timeout
            while not come() and (left := deadline - time.monotonic()) > 0:
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), left)
                event.clear()
            return come()
        finally:
            self._listeners.discard(wake)
