"""What the events of one tab do."""

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from playground.data import Drawing
from playground.experiment import BUDGET, Experiment
from playground.lessons.recipes import recipes
from playground.scene import ViewState
from playground.training import checkpoints
from playground.ui.opening import opening_frame
from playground.ui.runs import Refused, Sessions, from_link, from_page, look_from

NUMBERS = itertools.count()


def dataset_text(wanted: Experiment) -> str:
    return wanted.dataset.model_dump_json()


def knobs_text(wanted: Experiment) -> str:
    return json.dumps(wanted.config.model_dump(mode="json") | wanted.model_dump(mode="json", include=set(BUDGET)))


def link_text(wanted: Experiment) -> str:
    """What the address bar shall hold, and whether a drawing was too large for it."""
    whole = not isinstance(wanted.dataset, Drawing) or wanted.dataset.encode() is not None
    return json.dumps({"query": wanted.to_query(), "whole": whole})


def shown_as(wanted: Experiment) -> tuple[str, str]:
    """The values of the knobs, and of the link."""
    return knobs_text(wanted), link_text(wanted)


def visitor(request: gr.Request | None) -> str:
    return (request.session_hash or "") if request is not None else ""


def said(event: gr.EventData) -> dict[str, Any]:
    """What came with an event. Raises Refused, if it is not what the page sends."""
    if not isinstance(event._data, dict):
        raise Refused("The page sent something that can't be read. Reload it, and try again.")
    return event._data


def notice(**said: Any) -> str:
    """Something to tell the Stage that is no frame. Numbered, for a value that does not change is not delivered."""
    return json.dumps(said | {"notice": next(NUMBERS)})


def error(sentence: Refused) -> str:
    return notice(error=str(sentence))


class Acts:
    """What the events of one tab do. Values arrive as the browser sent them; `session` validates."""

    def __init__(self, sessions: Sessions, family: str):
        self.sessions = sessions
        self.family = family

    async def train(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> AsyncIterator[str]:
        async for frame in self._train(dataset, knobs, event, request, counted=False):
            yield frame

    async def step(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> AsyncIterator[str]:
        async for frame in self._train(dataset, knobs, event, request, counted=True):
            yield frame

    async def _train(
        self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request, counted: bool
    ) -> AsyncIterator[str]:
        try:
            wanted, look = from_page(self.family, dataset, knobs), self._look(event)
            data = said(event) if counted else {}
            steps, only = (data.get("steps", 1) if counted else None), (data.get("player") or None)
            async for frame in self.sessions.train(visitor(request), wanted, look, steps, only):
                yield frame
        except Refused as sentence:
            yield error(sentence)

    async def fork(self, event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        """Part from a run in its past: frames, and once what the knobs and the link are now."""
        told = False
        try:
            data, who = said(event), visitor(request)
            frames = self.sessions.fork(
                who, self.family, data.get("step"), data.get("changes"), self._look(event), data.get("run")
            )
            async for frame in frames:
                now = None if told else self.sessions.run_of(who, self.family)
                yield (frame, gr.skip(), gr.skip()) if now is None else (frame, *shown_as(now.experiment))
                told = True
        except Refused as sentence:
            yield error(sentence), gr.skip(), gr.skip()

    def pause(self, request: gr.Request) -> None:
        self.sessions.pause(visitor(request), self.family)

    async def reset(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> str:
        try:
            wanted = from_page(self.family, dataset, knobs)
            return await self.sessions.reset(visitor(request), wanted, self._look(event))
        except Refused as sentence:
            return error(sentence)

    async def edit(self, dataset: str, knobs: str, request: gr.Request) -> str:
        try:
            wanted = from_page(self.family, dataset, knobs)
            possible, frame = await self.sessions.edit(visitor(request), wanted)
            if not possible:
                return notice(stale=True, message="The next training will have this: press Train.")
            return gr.skip() if frame is None else frame
        except Refused as sentence:
            return error(sentence)

    async def look(self, event: gr.EventData, request: gr.Request) -> str:
        try:
            frame = await self.sessions.look(visitor(request), self.family, self._look(event))
            return gr.skip() if frame is None else frame
        except Refused as sentence:
            return error(sentence)

    async def open(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> str:
        """The first picture of a tab: of the shipped model (an untrained one, where none ships), or of what the link or
        the page now asks for. Without a link to look at, the page asks for a shipped model in the place of the run that
        it shows."""
        query = said(event).get("query")
        try:
            wanted = from_link(dict(parse_qsl(query.removeprefix("?")))) if isinstance(query, str) else None
            if wanted is None or wanted.family != self.family:
                wanted = from_page(self.family, dataset, knobs)
            if wanted == checkpoints.opening(self.family) and isinstance(query, str):
                return opening_frame(self.family) or "{}"
            if trained := checkpoints.named(wanted):
                return await self.sessions.open(visitor(request), trained, self._look(event))
            return await self.sessions.reset(visitor(request), wanted, self._look(event))
        except Refused as sentence:
            told = f"This link can't be opened as it is. {sentence}" if query else str(sentence)
            return json.dumps(json.loads(opening_frame(self.family) or "{}") | {"error": told})

    def pick(self, event: gr.EventData):
        """A recipe: its data, its knobs, and a word to the Stage to begin."""
        try:
            name = said(event).get("recipe")
            if name not in tuple(recipes(self.family)):
                raise Refused("There is no such recipe.")
            recipe = recipes(self.family)[name]
            wanted = recipe.experiment
            begin = notice(begin=name, layout=recipe.layout, shown=recipe.layers, trained=recipe.trained)
            return dataset_text(wanted), knobs_text(wanted), begin, link_text(wanted)
        except Refused as sentence:
            return gr.skip(), gr.skip(), error(sentence), gr.skip()

    def _look(self, event: gr.EventData):
        data = said(event)
        return look_from({name: data[name] for name in ViewState.model_fields if name in data})
