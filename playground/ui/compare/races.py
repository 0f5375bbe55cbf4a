"""A visitor's race: a run of each contestant in a slot of its own, all in one stream.

The lanes of a visitor share the turns that one run would have. They are spread over the hosts so that all get equal
shares: as many in each host or, where the number doesn't allow that, all in one.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from pydantic import ValidationError

from playground.engine import Handle
from playground.experiment import Experiment
from playground.families import FAMILIES
from playground.messages import explain
from playground.race import MOST_LANES, Race
from playground.race.parameters import parameters
from playground.scene import ViewState
from playground.ui.requests import Refused
from playground.ui.runs import Runs

EVERY = 1 / 12
"""Seconds between two messages of the stream. Each has the newest frames of all lanes that have any, so that a message
that a busy browser misses leaves no lane behind."""

AFTERWARDS = 0.4
"""Seconds after which the last frames are sent once more: no message makes up for them."""

MEASURING = 180.0
"""Most seconds until the steps are measured: a few, unless many others train."""

MOST_HALTED = 500
"""Most visitors whose pause is remembered."""

VIEW = ViewState(layers=frozenset({"data", "samples"}))
"""What is looked at in a lane."""


def slot_of(number: int) -> str:
    """The slot of a lane, counted from 0."""
    return f"race-{number + 1}"


class Superseded(Refused):
    """The visitor has lined up another race meanwhile: the page is told nothing more of this one."""

    def __init__(self) -> None:
        super().__init__("Another race has taken the place of this one.")


class Races:
    def __init__(self, runs: Runs):
        self.runs = runs
        self._halted: set[str] = set()  # visitors who paused while steps were measured
        self._newest: dict[str, object] = {}  # of each visitor who lines up a race: which time is the last

    def lanes(self, visitor: str, race: Race) -> list[Handle | None]:
        """The runs in the slots of a race."""
        return [self.runs.of(visitor, slot_of(number)) for number in range(len(race.contestants))]

    async def line_up(
        self, visitor: str, race: Race, view: ViewState = VIEW, round: int = 0, anew: bool = False
    ) -> dict[int, str]:
        """Put an untrained run of each contestant into its slot. Returns their frames, by lane. anew: also where there
        is a run of the same experiment; otherwise that stays, as far as it has come. Raises Superseded if the visitor
        asks for another race before this one stands."""
        newest = self._newest[visitor] = object()
        try:
            return await self._line_up(visitor, race, view, round, anew, lambda: self._newest.get(visitor) is newest)
        finally:
            if self._newest.get(visitor) is newest:
                del self._newest[visitor]

    async def _line_up(
        self, visitor: str, race: Race, view: ViewState, round: int, anew: bool, newest: Callable[[], bool]
    ) -> dict[int, str]:
        wanted, there = race.experiments(round), self.lanes(visitor, race)
        beyond = self.runs.of(visitor, slot_of(len(wanted)))
        moved = beyond is not None or any(handle is None for handle in there)  # then they share hosts in another way
        for number in range(len(wanted), MOST_LANES):
            self.runs.slots.clear(visitor, slot_of(number))
        frames = {}
        for number, experiment in enumerate(wanted):
            handle = there[number]
            if anew or moved or handle is None or handle.expected != experiment:
                where = self._where(visitor, number, len(wanted))
                frames[number] = await self.runs.reset(visitor, slot_of(number), experiment, view, **where)
                if not newest():
                    raise Superseded
        return frames

    def _where(self, visitor: str, number: int, lanes: int) -> dict[str, Any]:
        """The host of a lane, as arguments of `Engine.start`."""
        hosts = max(1, self.runs.engine.hosts.ready)
        placed = [handle for i in range(number) if (handle := self.runs.of(visitor, slot_of(i)))]
        if len(placed) < number or not placed:
            return {}
        if lanes % hosts:
            return {"beside": placed[0]}
        return {"beside": placed[number - hosts]} if number >= hosts else {"apart": tuple(placed)}

    async def measured(self, visitor: str, race: Race) -> Race | None:
        """The race with its steps, measured if they aren't known: in all lanes at once, as they will train. None if it
        was paused meanwhile."""
        self._halted.discard(visitor)
        if race.paced:
            return race
        await self.line_up(visitor, race)
        measured = self.lanes(visitor, race)
        questions = (
            self.runs.ask(visitor, slot_of(i), {"ask": "pace"}, MEASURING) for i in range(len(race.contestants))
        )
        try:
            answers = await asyncio.gather(*questions)
        except Refused:
            if self.lanes(visitor, race) != measured:
                raise Superseded from None
            raise
        try:
            found = race.with_paces([answer["seconds"] for answer in answers])
        except ValidationError as error:
            raise Refused(explain(error)) from None
        return None if visitor in self._halted else found

    async def train(
        self, visitor: str, race: Race, view: ViewState = VIEW, round: int = 0, anew: bool = False
    ) -> AsyncIterator[str]:
        """Train all lanes to their ends, or on from where they were paused. Yields messages, {"frames": by lane}: of
        those that line up, then the newest. anew: from the start."""
        if first := await self.line_up(visitor, race, view, round, anew):
            yield bundle(first)
        going = {
            number: self.runs.train(visitor, slot_of(number), experiment, view)
            for number, experiment in enumerate(race.experiments(round))
            if not self._over(visitor, number, experiment)
        }
        async for message in together(going):
            yield message

    def standing(self, visitor: str, race: Race) -> tuple[int, str] | None:
        """The round of a race that the visitor's lanes are in, and its state: "training", also if it was interrupted,
        "done", "paused" or, before the start, "idle". None if another race is there, or none."""
        if self.runs.of(visitor, slot_of(len(race.contestants))) is not None:
            return None
        there = [handle for handle in self.lanes(visitor, race) if handle is not None]
        now = [handle.expected for handle in there]
        round = next((round for round in range(race.seeds) if race.experiments(round) == now), None)
        if round is None:
            return None
        if any(handle.interrupted or handle.state == "training" for handle in there):
            return round, "training"
        if all(handle.state in ("done", "failed") for handle in there):
            return round, "done"
        return round, "paused" if any(handle.step_count for handle in there) else "idle"

    async def attach(self, visitor: str, race: Race, view: ViewState, round: int) -> AsyncIterator[str]:
        """Come back to a race that stands there: messages as of `train`. It goes on if it was interrupted."""
        experiments = enumerate(race.experiments(round))
        lanes = {number: self.runs.attach(visitor, slot_of(number), wanted, view) for number, wanted in experiments}
        async for message in together(lanes):
            yield message

    def _over(self, visitor: str, number: int, experiment: Experiment) -> bool:
        handle = self.runs.of(visitor, slot_of(number))
        return handle is not None and handle.state in ("done", "failed") and handle.expected == experiment

    def pause(self, visitor: str) -> None:
        self._halted = {*list(self._halted)[-MOST_HALTED:], visitor}
        for number in range(MOST_LANES):
            self.runs.pause(visitor, slot_of(number))

    async def look(self, visitor: str, race: Race, view: ViewState) -> str:
        """Look at all lanes in another way. Returns the frames of those at rest."""
        seen = [i for i, handle in enumerate(self.lanes(visitor, race)) if handle is not None]
        found = await asyncio.gather(*(self.runs.look(visitor, slot_of(i), view) for i in seen))
        return bundle({i: frame for i, frame in zip(seen, found, strict=True) if frame is not None})

    async def judge(self, visitor: str, race: Race) -> list[dict[str, float]]:
        """The measures of each lane, and the steps and seconds that it trained; empty for one that failed."""
        return [await self._judged(visitor, number) for number in range(len(race.contestants))]

    async def _judged(self, visitor: str, number: int) -> dict[str, float]:
        handle = self.runs.of(visitor, slot_of(number))
        if handle is None or handle.state == "failed":
            return {}
        try:
            found = await self.runs.ask(visitor, slot_of(number), {"ask": "measures"})
        except Refused:
            return {}
        frame = json.loads(handle.frame)
        return found["measures"] | {"steps": frame["step"], "seconds": frame["seconds"]}


async def together(lanes: dict[int, AsyncIterator[str]]) -> AsyncIterator[str]:
    """The frames of all lanes in one stream of messages, {"frames": by lane}, to the end of each."""
    newest: dict[int, str] = {}
    last: dict[int, str] = {}

    async def follow(number: int, frames: AsyncIterator[str]) -> None:
        async for frame in frames:
            newest[number] = frame

    tasks = [asyncio.create_task(follow(number, frames)) for number, frames in lanes.items()]
    try:
        while any(not task.done() for task in tasks) or newest:
            if newest:
                sent, newest = newest, {}  # more may come while this is sent
                last |= sent
                yield bundle(sent)
            await asyncio.sleep(EVERY)
            for task in tasks:
                if task.done() and (error := task.exception()):
                    raise error
        await asyncio.sleep(AFTERWARDS)
        yield bundle(last)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def bundle(frames: dict[int, str]) -> str:
    """Frames by lane as one message."""
    return '{"frames":{' + ",".join(f'"{number}":{frame}' for number, frame in sorted(frames.items())) + "}}"


def described(race: Race) -> dict[str, Any]:
    """A race for the page: its contestants as they are, the link that restores it, whether that is whole, and what each
    lane will be: {"contestants", "query", "whole", "lanes": [{"slot", "title", "family", "parameters",
    "evaluations", "steps"}]}."""
    shape, query = race.dataset.shape, race.to_query()
    drawn = not any(f"{name}=" in query for name in ("dataset", "points", "coordinates"))
    experiments = race.experiments()
    return {
        "contestants": [contestant.model_dump(mode="json") for contestant in race.contestants],
        "query": query,
        "whole": not drawn,
        "lanes": [
            {
                "slot": slot_of(i),
                "title": title,
                "family": FAMILIES[one.family].title,
                "parameters": parameters(one.family, one.config, shape),
                "evaluations": FAMILIES[one.family].evaluations(one.config),
                "steps": one.total_steps if race.paced else None,
            }
            for i, (title, one) in enumerate(zip(race.titles, experiments, strict=True))
        ],
    }
