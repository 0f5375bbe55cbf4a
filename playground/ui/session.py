"""What a visitor can do, whether from the page or through the HTTP API: every value is validated here, and every run
belongs to the visitor who started it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from pydantic import ValidationError

from playground import checkpoints
from playground.engine import Engine, Full, Gone, Handle
from playground.experiment import BUDGET, Experiment, explain
from playground.families import players
from playground.views import Look

MAX_TEXT = 1_000_000
"""Characters of JSON that are looked at; 20,000 points take 80,000."""

MAX_STEPS = 10_000
"""Steps that one press of Step may ask for."""


MAX_FORK = 10**9
"""Steps further on than any run comes."""


class Refused(ValueError):
    """One sentence for the visitor on what was wrong and what to do."""


def parse(text: Any) -> Any:
    """Plain data from JSON text. Raises Refused."""
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise Refused("The page sent something that can't be read. Reload it, and try again.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("The page sent something that is not JSON. Reload it, and try again.") from None


def experiment(given: Any) -> Experiment:
    """An Experiment from plain data. Raises Refused."""
    try:
        return Experiment.model_validate(given)
    except ValidationError as error:
        raise Refused(explain(error)) from None
    except (ValueError, TypeError, RecursionError):
        raise Refused("This does not describe an experiment.") from None


def from_page(family: str, dataset: Any, knobs: Any) -> Experiment:
    """The Experiment of the data rail and the knobs, both JSON text. Raises Refused."""
    values = parse(knobs)
    if not isinstance(values, dict):
        raise Refused("The page sent settings that can't be read. Reload it, and try again.")
    budget = {name: values.pop(name) for name in BUDGET if name in values}
    return experiment({"family": family, "dataset": parse(dataset), "config": values, **budget})


def from_link(query: Mapping[str, str]) -> Experiment | None:
    """The Experiment of a link, or None if the link names nothing of it. Raises Refused."""
    try:
        return Experiment.from_query(query)
    except ValidationError as error:
        raise Refused(explain(error)) from None


def look_from(given: Any) -> Look:
    try:
        return Look.model_validate(given)
    except ValidationError as error:
        raise Refused(explain(error)) from None


def live_changes(before: Experiment, after: Experiment) -> dict[str, Any] | None:
    """The settings that differ, if training can go on with them; None if a new run is needed."""
    if before.family != after.family:
        return None
    fields = type(after.config).model_fields
    changes = {n: v for n, v in after.config if getattr(before.config, n) != v}
    if not all(fields[name].json_schema_extra["live"] for name in changes):  # type: ignore[index]
        return None
    same = before.model_copy(update={"config": after.config}) == after
    return changes if same else None


class Sessions:
    """Who is here, and which runs are theirs: one for each family, and the one that
    it parted from, if it did."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._runs: dict[tuple[str, str], Handle] = {}
        self._before: dict[tuple[str, str], Handle] = {}  # the runs that they parted from

    def run_of(self, visitor: str, family: str) -> Handle | None:
        handle = self._runs.get((visitor, family))
        return handle if handle is not None and not handle.over else None

    def _start(self, visitor: str, wanted: Experiment, look: Look, **more: Any) -> Handle:
        for runs in (self._runs, self._before):
            old = runs.pop((visitor, wanted.family), None)
            if old is not None:
                old.close()
        try:
            handle = self.engine.start(wanted, visitor, look, **more)
        except Full as error:
            raise Refused(str(error)) from None
        self._runs, self._before = (
            {key: run for key, run in runs.items() if not run.over} for runs in (self._runs, self._before)
        )
        self._runs[visitor, wanted.family] = handle
        return handle

    async def train(
        self, visitor: str, wanted: Experiment, look: Look, steps: int | None = None, only: str | None = None
    ) -> AsyncIterator[str]:
        """Train, going on with a paused run of the same experiment, and yield frames until it pauses, ends or fails.

        steps: pause after so many, in which `only` the player of that name moves. When nobody listens any more, the
        run is closed.
        """
        if steps is not None and not (type(steps) is int and 1 <= steps <= MAX_STEPS):
            raise Refused(f"Steps: must be a whole number from 1 to {MAX_STEPS:,}.")
        if only is not None and only not in players(wanted.family):
            raise Refused(f"There is no such player, only {' and '.join(players(wanted.family))}.")
        handle = self.run_of(visitor, wanted.family)
        if handle is None and steps is not None:
            handle = self._open(visitor, wanted.family, wanted)
        goes_on = handle is not None and (handle.state == "paused" or (steps is not None and handle.state == "done"))
        changes = live_changes(handle.experiment, wanted) if handle is not None and goes_on else None
        if handle is not None and changes is not None:
            seen = handle.sent
            handle.look(look)
            if changes:
                self._edit(handle, wanted, changes)
            handle.resume() if steps is None else handle.step(steps, only)
        else:
            handle, seen = self._start(visitor, wanted, look, steps=steps, only=only), 0
        async for frame in self._frames(handle, seen):
            yield frame

    async def fork(
        self, visitor: str, family: str, step: Any, changes: Any, look: Look, run: Any = None
    ) -> AsyncIterator[str]:
        """Part from a run in its past, with other settings, and yield the frames of the new one. The old one pauses.

        run: the name of the run, as its frames say it: the visitor's newest, or the one that it parted from.
        """
        key, name = (visitor, family), run
        own = [handle for handle in (self.run_of(visitor, family), self._before.get(key)) if handle is not None]
        source = next((handle for handle in own if name in (None, handle.name)), None)
        if source is None:
            raise Refused("This run is no longer there. Press Train to start another.")
        if type(step) is not int or not 0 <= step <= MAX_FORK or not isinstance(changes, dict):
            raise Refused("To part from a run, name a step and the settings that change.")
        source.pause()
        try:
            handle = self.engine.fork(source, step, changes, look)
        except ValidationError as error:
            raise Refused(explain(error)) from None
        except (ValueError, TypeError, Gone, Full) as error:
            raise Refused(str(error)) from None
        for other in own:
            if other is not source:
                other.close()
        self._runs[key], self._before[key] = handle, source
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

    async def reset(self, visitor: str, wanted: Experiment, look: Look) -> str:
        """Begin again: the first frame of a run that has not been trained."""
        return await self._one_frame(self._start(visitor, wanted, look, steps=0), 0)

    def pause(self, visitor: str, family: str) -> None:
        handle = self.run_of(visitor, family)
        if handle is not None:
            handle.pause()

    async def edit(self, visitor: str, wanted: Experiment) -> tuple[bool, str | None]:
        """Give a run new settings, as far as they may change while it trains.

        Whether that was possible (if not, the next training has them), and the new frame if no stream brings it.
        """
        handle = self.run_of(visitor, wanted.family) or self._open(visitor, wanted.family, wanted)
        changes = live_changes(handle.experiment, wanted) if handle is not None else None
        if handle is None or changes is None:
            return False, None
        training, seen = handle.state == "training", handle.sent
        if changes:
            self._edit(handle, wanted, changes)
        return True, None if training or not changes else await self._one_frame(handle, seen)

    def _open(
        self, visitor: str, family: str, near: Experiment | None = None, look: Look | None = None
    ) -> Handle | None:
        """A run of the shipped model, which every tab shows at first, or of the one that is near an experiment; None if
        none is near enough. While a family ships no model, its tab shows one that is untrained."""
        known = checkpoints.SHIPPED.items()
        name = family if near is None else next((n for n, e in known if live_changes(e, near) is not None), "")
        if checkpoints.shipped(name) is None:
            untrained = checkpoints.opening(family)
            return None if near is not None else self._start(visitor, untrained, look or Look(), steps=0)
        return self._start(visitor, checkpoints.SHIPPED[name], look or Look(), checkpoint=name)

    async def open(self, visitor: str, name: str, look: Look) -> str:
        """The shipped model of that name in the place of the visitor's run: its first frame."""
        return await self._one_frame(self._start(visitor, checkpoints.SHIPPED[name], look, checkpoint=name), 0)

    def _edit(self, handle: Handle, wanted: Experiment, changes: dict[str, Any]) -> None:
        handle.edit(changes)
        handle.experiment = wanted

    async def look(self, visitor: str, family: str, look: Look) -> str | None:
        """Look at something else, in the visitor's run or, before there is one, the shipped model: the new frame, or
        None if the stream will bring it."""
        handle = self.run_of(visitor, family)
        if handle is None:
            opened = self._open(visitor, family, look=look)
            return None if opened is None else await self._one_frame(opened, 0)
        seen = handle.sent
        training = handle.state == "training" and seen > 0  # before the first frame, there may be no stream to bring it
        handle.look(look)
        return None if training else await self._one_frame(handle, seen)

    async def ask(self, visitor: str, family: str, question: Any) -> Any:
        """The answer to a question, from the visitor's run or, before there is one, from the shipped model."""
        handle = self.run_of(visitor, family) or self._open(visitor, family)
        if handle is None:
            raise Refused("Nothing is trained yet. Press Train first.")
        try:
            return await handle.ask_soon(question)
        except ValidationError as error:
            raise Refused(explain(error)) from None
        except (ValueError, Gone) as error:
            raise Refused(str(error)) from None

    async def _one_frame(self, handle: Handle, seen: int) -> str:
        if not await handle.wait_soon(seen, timeout=20):
            raise Refused("The trainer is too busy to answer. Try again in a minute.")
        return handle.frame

    def leave(self, visitor: str) -> None:
        """The page was closed."""
        self.engine.leave(visitor)
