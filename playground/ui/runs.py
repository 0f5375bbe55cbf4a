"""A visitor's actions on runs, from the page or through the HTTP API.

Every run belongs to the visitor who started it, and has a slot: a tab of the page (named after its family), a lane of a
comparison, or the source of a fork in another slot.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from playground.engine import GONE, Engine, Full, Gone, Handle
from playground.engine.handle import PATIENCE
from playground.engine.visits.slots import BEFORE, Slots
from playground.engine.visits.visitors import Visitors
from playground.engine.visits.waiting import WaitingRoom
from playground.engine.visits.watching import frames
from playground.experiment import LONGEST, Experiment
from playground.families import FAMILIES, players
from playground.messages import explain
from playground.scene import ViewState
from playground.training import checkpoints
from playground.ui.drawings import Drawings
from playground.ui.requests import Refused, whole


class Runs:
    """The runs of all visitors by slot, the drawings that they sent, who the visitors are, and which of them wait."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.drawings = Drawings()
        self.visitors = Visitors(engine.leave)
        self.slots = Slots()
        self.waiting = WaitingRoom()

    def of(self, visitor: str, slot: str) -> Handle | None:
        """The visitor's run in a slot."""
        return self.slots.of(visitor, slot)

    def _start(self, visitor: str, slot: str, wanted: Experiment, view: ViewState, **more: Any) -> Handle:
        """Start a run in the place of the slot's. Raises Refused if there is no room."""
        try:
            return self._place(visitor, slot, wanted, view, **more)
        except Full as error:
            raise Refused(str(error)) from None

    def _place(self, visitor: str, slot: str, wanted: Experiment, view: ViewState, **more: Any) -> Handle:
        self.slots.clear(visitor, slot)
        handle = self.engine.start(wanted, visitor, view, **more)
        self.slots.put(visitor, slot, handle)
        return handle

    async def train(
        self,
        visitor: str,
        slot: str,
        wanted: Experiment,
        view: ViewState,
        steps: int | None = None,
        only: str | None = None,
        at: Any = None,
        run: Any = None,
    ) -> AsyncIterator[str]:
        """Train, or continue a paused run of the same experiment. Yields frames until the run pauses, ends or fails. If
        there is no room for another run, it waits for some, and yields how many visitors are ahead (see `waiting`).

        steps: pause after this many. only: the name of the one player that trains in them. at: the earlier step from
        which the run is continued instead, with this experiment's settings; another run then takes its place. run: the
        name of the run that is meant, from its frames. When its client disconnects, the run is closed or, if the
        visitor may come back, waits for `attach`.
        """
        if steps is not None and not (type(steps) is int and 1 <= steps <= LONGEST):
            raise Refused(f"Steps: must be a whole number from 1 to {LONGEST:,}.")
        if only is not None and only not in players(wanted.family):
            raise Refused(f"There is no such player, only {' and '.join(players(wanted.family))}.")
        if at is not None:
            async for frame in frames(
                self._continue(visitor, slot, wanted, view, steps, only, at, run), 0, self.visitors
            ):
                yield frame
            return
        handle = self.of(visitor, slot)
        if handle is None and (steps is not None or checkpoints.prolongs(wanted)):
            handle = self._open(visitor, slot, wanted)
        longer = handle is not None and wanted.total_steps > max(handle.step_count, handle.experiment.total_steps)
        more = steps is not None or longer
        goes_on = handle is not None and (handle.state == "paused" or (more and handle.state == "done"))
        changes = handle.expected.live_changes(wanted) if handle is not None and goes_on else None
        if handle is not None and changes is not None:
            seen = handle.sent
            handle.look(view)
            if changes:
                handle.edit(changes)
            handle.resume(longer) if steps is None else handle.step(steps, only)
        else:
            handle, seen = None, 0

            def place() -> Handle:
                return self._place(visitor, slot, wanted, view, steps=steps, only=only)

            try:
                async for found in self.waiting.admit(visitor, slot, place):
                    if isinstance(found, Handle):
                        handle = found
                    else:
                        yield waiting(found)
            except Full as error:
                raise Refused(str(error)) from None
            if handle is None:
                yield json.dumps({"state": "paused", "message": "You no longer wait for a place."})
                return
        async for frame in frames(handle, seen, self.visitors):
            yield frame

    def _continue(
        self, visitor: str, slot: str, wanted: Experiment, view: ViewState, steps: Any, only: Any, at: Any, run: Any
    ) -> Handle:
        source = self.of(visitor, slot)
        if source is None or run not in (None, source.name):
            raise Refused(GONE)
        at, changes = step_of(source, at), source.expected.live_changes(wanted)
        if changes is None:
            raise Refused("This can't change while training. Go back to now, and press Train.")
        if steps is None and at >= wanted.total_steps:
            raise Refused(f"The training ends at step {wanted.total_steps:,}. Choose an earlier step to train from.")
        handle = self._fork(source, at, changes, view, steps=steps, only=only, replaces=True)
        self.slots.put(visitor, slot, handle)
        source.close()
        return handle

    def _fork(self, source: Handle, step: int, changes: dict[str, Any], view: ViewState, **more: Any) -> Handle:
        try:
            return self.engine.fork(source, step, changes, view, **more)
        except ValueError as error:
            raise Refused(explain(error)) from None
        except (TypeError, Gone, Full) as error:
            raise Refused(str(error)) from None

    async def fork(
        self, visitor: str, slot: str, step: Any, changes: Any, view: ViewState, run: Any = None
    ) -> AsyncIterator[str]:
        """Fork a run at an earlier step, with other settings. Yields the frames of the fork. The source is paused.

        run: the source's name, from its frames. It is the run in the slot, or the run that that one was forked from.
        The fork takes the slot, and its source the slot with the suffix BEFORE.
        """
        own = [handle for name in (slot, slot + BEFORE) if (handle := self.of(visitor, name)) is not None]
        source = next((handle for handle in own if run in (None, handle.name)), None)
        if source is None:
            raise Refused(GONE)
        if not isinstance(changes, dict):
            raise Refused("To part from a run, name a step and the settings that change.")
        at = step_of(source, step)
        source.pause()
        handle = self._fork(source, at, changes, view)
        for other in own:
            if other is not source:
                other.close()
        self.slots.put(visitor, slot, handle)
        self.slots.put(visitor, slot + BEFORE, source)
        async for frame in frames(handle, 0, self.visitors):
            yield frame

    async def attach(self, visitor: str, slot: str, wanted: Experiment, view: ViewState) -> AsyncIterator[str]:
        """Come back to a run, after a reload or a lost connection: its newest frame, and those that follow if it trains
        or trained when its visitor went. It takes the settings of an experiment, if it can. Yields nothing if there is
        no run in the slot."""
        handle = self.of(visitor, slot)
        if handle is None:
            return
        seen = handle.sent
        handle.look(view)
        if changes := handle.expected.live_changes(wanted):
            handle.edit(changes)
        if handle.interrupted:
            handle.resume()
        async for frame in frames(handle, seen, self.visitors):
            yield frame

    async def reset(self, visitor: str, slot: str, wanted: Experiment, view: ViewState, **where: Any) -> str:
        """Start over in a slot. Returns the first frame of an untrained run. where: see `Engine.start`."""
        return await self._one_frame(self._start(visitor, slot, wanted, view, steps=0, **where), 0)

    def pause(self, visitor: str, slot: str) -> None:
        self.waiting.leave(visitor, slot)
        handle = self.of(visitor, slot)
        if handle is not None:
            handle.pause()

    async def edit(self, visitor: str, slot: str, wanted: Experiment) -> tuple[bool, str | None]:
        """Change a run's settings, if they may change while it trains.

        Returns whether that was possible (if not, they apply to the next training), and the new frame, or None if a
        stream brings it or nothing changed.
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
        """Open the shipped model of the slot's tab or, given `near`, a shipped model that differs from that experiment
        only in live settings. None if there is none. If a family ships no model, its tab shows an untrained one."""
        tab = slot if slot in FAMILIES else ""
        name = tab if near is None else checkpoints.nearest(near) or ""
        if checkpoints.shipped(name) is None:
            untrained = near is None and tab
            return (
                self._start(visitor, slot, checkpoints.opening(tab), view or ViewState(), steps=0)
                if untrained
                else None
            )
        return self._start(visitor, slot, checkpoints.SHIPPED[name], view or ViewState(), checkpoint=name)

    def trained(self, visitor: str, slot: str, wanted: Experiment) -> bool:
        """Whether there is a trained model of an experiment, which may have been sampled with other settings: a shipped
        one, or the visitor's in this slot."""
        return checkpoints.named(wanted) is not None or self._resampled(visitor, slot, wanted) is not None

    def _resampled(self, visitor: str, slot: str, wanted: Experiment) -> Handle | None:
        handle = self.of(visitor, slot)
        if handle is None or handle.state != "done" or handle.expected.sampling_changes(wanted) is None:
            return None
        return handle

    def make_way(self, visitor: str, slot: str, wanted: Experiment) -> None:
        """Set the run in a slot aside, unless it is what `open` would show of an experiment."""
        if checkpoints.named(wanted) is not None or self._resampled(visitor, slot, wanted) is None:
            self.slots.set_aside(visitor, slot)

    async def open(self, visitor: str, slot: str, wanted: Experiment, view: ViewState) -> str:
        """Show a trained model of an experiment (see `trained`) or, if there is none, an untrained one. Returns its
        first frame."""
        name, own = checkpoints.named(wanted), self._resampled(visitor, slot, wanted)
        if name is None and own is not None:
            seen = own.sent
            own.look(view)
            if changes := own.expected.sampling_changes(wanted):
                own.edit(changes)
            return await self._one_frame(own, seen)
        if name is None:
            return await self.reset(visitor, slot, wanted, view)
        return await self._one_frame(self._start(visitor, slot, wanted, view, checkpoint=name), 0)

    async def look(self, visitor: str, slot: str, view: ViewState) -> str | None:
        """Change what is looked at in the visitor's run or, without one, in the shipped model. Returns the new frame,
        or None if the stream brings it."""
        handle = self.of(visitor, slot)
        if handle is None:
            opened = self._open(visitor, slot, view=view)
            return None if opened is None else await self._one_frame(opened, 0)
        seen = handle.sent
        training = handle.state == "training" and seen > 0  # before the first frame, there may be no stream to bring it
        handle.look(view)
        return None if training else await self._one_frame(handle, seen)

    async def ask(self, visitor: str, slot: str, question: Any, patience: float = PATIENCE) -> Any:
        """The answer to a question, within seconds: of the visitor's run, of another that takes its place meanwhile or,
        without one, of the shipped model."""
        if not (handle := self.of(visitor, slot) or self._open(visitor, slot)):
            raise Refused("Nothing is trained yet. Press Train first.")
        try:
            await self._started(handle)
            return {"run": handle.name, **await handle.ask_soon(question, patience)}
        except ValueError as error:
            raise Refused(explain(error)) from None
        except Gone as error:
            if self.of(visitor, slot) in (None, handle):  # it is gone, or too busy
                raise Refused(str(error)) from None
        return await self.ask(visitor, slot, question, patience)

    async def _started(self, handle: Handle) -> None:
        """Wait until a host is ready, when the app was started just now."""
        while not self.engine.hosts.ready and not handle.over:
            await asyncio.sleep(0.1)

    async def _one_frame(self, handle: Handle, seen: int) -> str:
        await self._started(handle)
        if not await handle.wait_soon(seen, timeout=20):
            raise Refused("The trainer is too busy to answer. Try again in a minute.")
        return handle.frame


def step_of(run: Handle, step: Any) -> int:
    """A step that a run has come to, from outside. Raises Refused."""
    return whole(step, 0, run.step_count, "The step")


def waiting(ahead: int) -> str:
    """What a visitor is told who waits for a place, in the form of a frame without a picture."""
    before = "You are next" if not ahead else f"{ahead} {'visitor is' if ahead == 1 else 'visitors are'} ahead of you"
    words = f"All places are taken. {before}; your training starts by itself."
    return json.dumps({"state": "waiting", "ahead": ahead, "message": words})
