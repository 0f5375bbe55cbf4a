"""What a visitor can do with runs, whether from the page or through the HTTP API.

Every run belongs to the visitor who started it, and has a slot: a tab of the page (which is called as its family), a
lane of a comparison, or what the run of another slot parted from.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from playground.engine import Engine, Full, Gone, Handle
from playground.experiment import Experiment
from playground.families import FAMILIES, players
from playground.messages import explain
from playground.scene import ViewState
from playground.training import checkpoints
from playground.ui.drawings import Drawings
from playground.ui.requests import BEFORE, Refused

MAX_STEPS = 10_000
"""Steps that one press of Step may ask for."""

MAX_FORK = 10**9
"""Steps further on than any run comes."""


class Runs:
    """Who is here, which runs are theirs, by slot, and the drawings that they sent."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.drawings = Drawings()
        self._runs: dict[tuple[str, str], Handle] = {}

    def of(self, visitor: str, slot: str) -> Handle | None:
        """The visitor's run in a slot."""
        handle = self._runs.get((visitor, slot))
        return handle if handle is not None and not handle.over else None

    def _start(self, visitor: str, slot: str, wanted: Experiment, view: ViewState, **more: Any) -> Handle:
        for name in (slot, slot + BEFORE):
            old = self._runs.pop((visitor, name), None)
            if old is not None:
                old.close()
        try:
            handle = self.engine.start(wanted, visitor, view, **more)
        except Full as error:
            raise Refused(str(error)) from None
        self._runs = {key: run for key, run in self._runs.items() if not run.over}
        self._runs[visitor, slot] = handle
        return handle

    async def train(
        self,
        visitor: str,
        slot: str,
        wanted: Experiment,
        view: ViewState,
        steps: int | None = None,
        only: str | None = None,
    ) -> AsyncIterator[str]:
        """Train, going on with a paused run of the same experiment, and yield frames until it pauses, ends or fails.

        steps: pause after so many, in which `only` the player of that name moves. When nobody listens any more, the
        run is closed.
        """
        if steps is not None and not (type(steps) is int and 1 <= steps <= MAX_STEPS):
            raise Refused(f"Steps: must be a whole number from 1 to {MAX_STEPS:,}.")
        if only is not None and only not in players(wanted.family):
            raise Refused(f"There is no such player, only {' and '.join(players(wanted.family))}.")
        handle = self.of(visitor, slot)
        if handle is None and steps is not None:
            handle = self._open(visitor, slot, wanted)
        goes_on = handle is not None and (handle.state == "paused" or (steps is not None and handle.state == "done"))
        changes = handle.expected.live_changes(wanted) if handle is not None and goes_on else None
        if handle is not None and changes is not None:
            seen = handle.sent
            handle.look(view)
            if changes:
                handle.edit(changes)
            handle.resume() if steps is None else handle.step(steps, only)
        else:
            handle, seen = self._start(visitor, slot, wanted, view, steps=steps, only=only), 0
        async for frame in self._frames(handle, seen):
            yield frame

    async def fork(
        self, visitor: str, slot: str, step: Any, changes: Any, view: ViewState, run: Any = None
    ) -> AsyncIterator[str]:
        """Part from a run in its past, with other settings, and yield the frames of the new one. The old one pauses.

        run: the name of the run, as its frames say it: that in the slot, or the one that it parted from. The new one
        stands in the slot, and its source beside it.
        """
        own = [handle for name in (slot, slot + BEFORE) if (handle := self.of(visitor, name)) is not None]
        source = next((handle for handle in own if run in (None, handle.name)), None)
        if source is None:
            raise Refused("This run is no longer there. Press Train to start another.")
        if type(step) is not int or not 0 <= step <= MAX_FORK or not isinstance(changes, dict):
            raise Refused("To part from a run, name a step and the settings that change.")
        source.pause()
        try:
            handle = self.engine.fork(source, step, changes, view)
        except ValueError as error:
            raise Refused(explain(error)) from None
        except (TypeError, Gone, Full) as error:
            raise Refused(str(error)) from None
        for other in own:
            if other is not source:
                other.close()
        self._runs[visitor, slot], self._runs[visitor, slot + BEFORE] = handle, source
        async for frame in self._frames(handle, 0):
            yield frame

    async def _frames(self, handle: Handle, seen: int) -> AsyncIterator[str]:
        try:
            while True:
                if await handle.wait_soon(seen, timeout=5) and handle.state != "closed":
                    seen = handle.sent
                    yield handle.frame
                if handle.state == "closed" or (handle.state != "training" and handle.sent == seen):
                    return
        except (GeneratorExit, asyncio.CancelledError):  # the page was closed
            handle.close()
            raise

    async def reset(self, visitor: str, slot: str, wanted: Experiment, view: ViewState) -> str:
        """Begin again: the first frame of a run that has not been trained."""
        return await self._one_frame(self._start(visitor, slot, wanted, view, steps=0), 0)

    def pause(self, visitor: str, slot: str) -> None:
        handle = self.of(visitor, slot)
        if handle is not None:
            handle.pause()

    async def edit(self, visitor: str, slot: str, wanted: Experiment) -> tuple[bool, str | None]:
        """Give a run new settings, as far as they may change while it trains.

        Returns whether that was possible (if not, the next training has them), and the new frame, unless a stream
        brings it.
        """
        handle = self.of(visitor, slot) or self._open(visitor, slot, wanted)
        changes = handle.expected.live_changes(wanted) if handle is not None else None
        if handle is None or changes is None:
            return False, None
        training, seen = handle.state == "training", handle.sent
        if changes:
            handle.edit(changes)
        return True, None if training or not changes else await self._one_frame(handle, seen)

    def _open(
        self, visitor: str, slot: str, near: Experiment | None = None, view: ViewState | None = None
    ) -> Handle | None:
        """A run of the shipped model, which every tab shows at first, or of the one that is near an experiment; None if
        none is near enough. While a family ships no model, its tab shows one that is untrained."""
        known = checkpoints.SHIPPED.items()
        tab = slot if slot in FAMILIES else ""
        name = tab if near is None else next((n for n, e in known if e.live_changes(near) is not None), "")
        if checkpoints.shipped(name) is None:
            untrained = near is None and tab
            return (
                self._start(visitor, slot, checkpoints.opening(tab), view or ViewState(), steps=0)
                if untrained
                else None
            )
        return self._start(visitor, slot, checkpoints.SHIPPED[name], view or ViewState(), checkpoint=name)

    async def open(self, visitor: str, slot: str, name: str, view: ViewState) -> str:
        """The shipped model of that name in the place of the visitor's run: its first frame."""
        return await self._one_frame(self._start(visitor, slot, checkpoints.SHIPPED[name], view, checkpoint=name), 0)

    async def look(self, visitor: str, slot: str, view: ViewState) -> str | None:
        """Look at something else, in the visitor's run or, before there is one, the shipped model: the new frame, or
        None if the stream will bring it."""
        handle = self.of(visitor, slot)
        if handle is None:
            opened = self._open(visitor, slot, view=view)
            return None if opened is None else await self._one_frame(opened, 0)
        training, seen = handle.state == "training", handle.sent
        handle.look(view)
        return None if training else await self._one_frame(handle, seen)

    async def ask(self, visitor: str, slot: str, question: Any) -> Any:
        """The answer to a question, from the visitor's run or, before there is one, from the shipped model."""
        handle = self.of(visitor, slot) or self._open(visitor, slot)
        if handle is None:
            raise Refused("Nothing is trained yet. Press Train first.")
        try:
            return {"run": handle.name, **await handle.ask_soon(question)}
        except ValueError as error:
            raise Refused(explain(error)) from None
        except Gone as error:
            raise Refused(str(error)) from None

    async def _one_frame(self, handle: Handle, seen: int) -> str:
        if not await handle.wait_soon(seen, timeout=20):
            raise Refused("The trainer is too busy to answer. Try again in a minute.")
        return handle.frame

    def leave(self, visitor: str) -> None:
        """The page was closed."""
        self.engine.leave(visitor)
