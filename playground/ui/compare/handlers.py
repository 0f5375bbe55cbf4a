"""The event handlers of the race on the page."""

import json
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
from pydantic import ValidationError

from playground.messages import explain
from playground.race import Race
from playground.scene import ViewState
from playground.ui.compare.races import VIEW, Races, Superseded, described
from playground.ui.drawings import Drawings
from playground.ui.handlers import LOST, notice, refusal, said
from playground.ui.requests import UNREADABLE, Refused, known, parse, whole


def race_from(given: Any) -> Race:
    """A Race from plain data. Raises Refused."""
    try:
        return Race.model_validate(given)
    except ValidationError as error:
        raise Refused(explain(error)) from None
    except (ValueError, TypeError, RecursionError):
        raise Refused("This does not describe a race.") from None


def race_from_page(drawings: Drawings, dataset: Any, rules: Any, contestants: Any) -> Race:
    """The Race of the data rail, the rules' knobs, and the contestants, all JSON text: in plain data, Gradio would take
    a setting called "path" for that of a file. Raises Refused."""
    values = parse(rules)
    if not isinstance(values, dict):
        raise Refused(UNREADABLE)
    return race_from({**values, "dataset": known(drawings, parse(dataset)), "contestants": parse(contestants)})


class RaceHandlers:
    """Values are as the browser sent them."""

    def __init__(self, races: Races):
        self.races = races

    async def open(self, dataset: str, rules: str, event: gr.EventData, request: gr.Request) -> AsyncIterator[str]:
        """Check a race, and put its contestants at the start: {"race": see `described`, "frames": by lane}. If the
        event says that its page came "back", and the race is still there: {"race", "back": {"round", "state"}}, then
        messages of `Races.attach`. After a lost connection, "again", nothing takes the place of a race that is gone."""
        try:
            data, race = self._race(dataset, rules, event)
            who, view = self._visitor(request), self._view(data)
            there = self.races.standing(who, race) if data.get("back") else None
            if there:
                round, state = there
                yield notice(race=described(race), back={"round": round, "state": state})
                async for message in self.races.attach(who, race, view, round):
                    yield message
            elif data.get("again"):
                yield notice(error=LOST)
            else:
                yield self._told(race, await self.races.line_up(who, race, view, self._round(data, race), True))
        except Superseded:
            return
        except Refused as sentence:
            yield refusal(sentence, "opened")

    async def train(self, dataset: str, rules: str, event: gr.EventData, request: gr.Request) -> AsyncIterator[str]:
        """Measure the steps if need be, and train: messages of the form of `open`, then of `Races.train`."""
        try:
            data, race = self._race(dataset, rules, event)
            who, view, anew = self._visitor(request), self._view(data), bool(data.get("anew"))
            if not race.paced:
                yield notice(measuring=True)
            paced = await self.races.measured(who, race)
            if paced is None:
                return
            yield self._told(paced, {})
            async for message in self.races.train(who, paced, view, self._round(data, paced), anew):
                yield message
        except Superseded:
            return
        except Refused as sentence:
            self.races.pause(self._visitor(request))
            yield refusal(sentence, "train")

    def pause(self, request: gr.Request) -> None:
        self.races.pause(self._visitor(request))

    async def look(self, dataset: str, rules: str, event: gr.EventData, request: gr.Request) -> str:
        try:
            data, race = self._race(dataset, rules, event)
            return await self.races.look(self._visitor(request), race, self._view(data))
        except Refused as sentence:
            return refusal(sentence, "look")

    def _race(self, dataset: str, rules: str, event: gr.EventData) -> tuple[dict[str, Any], Race]:
        data = said(event)
        race = race_from_page(self.races.runs.drawings, dataset, rules, data.get("contestants"))
        return data, race

    def _view(self, data: dict[str, Any]) -> ViewState:
        try:
            given = {name: data[name] for name in ("time", "noise_draw") if name in data}
            return ViewState.model_validate(VIEW.model_dump() | given)
        except ValidationError as error:
            raise Refused(explain(error)) from None

    def _round(self, data: dict[str, Any], race: Race) -> int:
        return whole(data.get("round", 0), 0, race.seeds - 1, "The round")

    def _told(self, race: Race, frames: dict[int, str]) -> str:
        lined = {"frames": {number: json.loads(frame) for number, frame in frames.items()}} if frames else {}
        return notice(race=described(race), **lined)

    def _visitor(self, request: gr.Request) -> str:
        return self.races.runs.visitors.of(request.session_hash or "")
