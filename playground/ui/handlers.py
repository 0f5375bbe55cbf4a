"""The event handlers of one tab."""

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr

from playground.data import Drawing
from playground.data.kinds import kind_of
from playground.experiment import BUDGET, Experiment
from playground.families import FAMILIES
from playground.lessons.recipes import recipes
from playground.scene import ViewState
from playground.scene.view_state import PREFIX
from playground.training import checkpoints
from playground.ui.drawings import Drawings
from playground.ui.opening import opening_frame
from playground.ui.requests import UNREADABLE, Forgotten, Refused, from_link, from_page, view_from, view_from_link
from playground.ui.runs import Runs
from playground.views import default_view

NUMBERS = itertools.count()


def opening_view(wanted: Experiment) -> ViewState:
    """The view of an experiment before a visitor changes it. It has the switches of all kinds of data, so that a choice
    outlasts a change of the data."""
    family, kind = FAMILIES[wanted.family], kind_of(wanted.dataset.shape)
    return default_view(family, kind).model_copy(update={"layers": default_view(family).layers})


def dataset_text(drawings: Drawings, wanted: Experiment) -> str:
    """The value of the data rail. For a drawing it includes the hash, so that the page need not send the points."""
    dataset = wanted.dataset
    known = {"hash": drawings.keep(dataset)} if isinstance(dataset, Drawing) else {}
    return json.dumps(dataset.model_dump(mode="json") | known)


def knobs_text(wanted: Experiment) -> str:
    return json.dumps(wanted.config.model_dump(mode="json") | wanted.model_dump(mode="json", include=set(BUDGET)))


def link_text(wanted: Experiment, view: ViewState | None = None) -> str:
    """The query string for the address bar: the experiment and, if it differs from the opening view, the view. `whole`
    is false if a drawing was too large for it."""
    whole = not isinstance(wanted.dataset, Drawing) or wanted.dataset.encode() is not None
    parts = [wanted.to_query(), view.to_query(opening_view(wanted)) if view else ""]
    return notice(query="&".join(filter(None, parts)), whole=whole)


def shown_as(wanted: Experiment, view: ViewState) -> tuple[str, str]:
    """The values of the knobs, and of the link."""
    return knobs_text(wanted), link_text(wanted, view)


def visitor(request: gr.Request | None) -> str:
    return (request.session_hash or "") if request is not None else ""


def said(event: gr.EventData) -> dict[str, Any]:
    """The data of an event. Raises Refused if the page doesn't send such data."""
    if not isinstance(event._data, dict):
        raise Refused(UNREADABLE)
    return event._data


def view_in(event: gr.EventData) -> ViewState | None:
    """The "view" of an event, or None. Raises Refused."""
    given = said(event).get("view")
    return None if given is None else view_from(given)


def notice(**said: Any) -> str:
    """A message to the page that is not a frame. It is numbered, since Gradio doesn't deliver an unchanged value."""
    return json.dumps(said | {"notice": next(NUMBERS)})


def refusal(sentence: Refused, asked: str) -> str:
    """A notice of why an event was refused. If the server lacks the drawing, the page sends it again and repeats the
    event."""
    lacks = {"lacks": "data", "asked": asked} if isinstance(sentence, Forgotten) else {}
    return notice(error=str(sentence), **lacks)


class Handlers:
    """The event handlers of one tab. Values are as the browser sent them; `playground.ui.requests` validates them."""

    def __init__(self, runs: Runs, family: str):
        self.runs = runs
        self.family = family
        self.slot = family  # the slot of a tab is named after its family

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
            wanted, view = self._wanted(dataset, knobs), self._view(event)
            data = said(event)
            steps, only = (data.get("steps", 1), data.get("player") or None) if counted else (None, None)
            at, run = data.get("at"), data.get("run")
            async for frame in self.runs.train(visitor(request), self.slot, wanted, view, steps, only, at, run):
                yield frame
        except Refused as sentence:
            yield refusal(sentence, "step" if counted else "train")

    async def fork(self, event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        """Fork a run at an earlier step. Yields frames and, once, the new values of the knobs and the link."""
        told = False
        try:
            data, who, view = said(event), visitor(request), self._view(event)
            frames = self.runs.fork(who, self.slot, data.get("step"), data.get("changes"), view, data.get("run"))
            async for frame in frames:
                now = None if told else self.runs.of(who, self.slot)
                yield (frame, gr.skip(), gr.skip()) if now is None else (frame, *shown_as(now.experiment, view))
                told = True
        except Refused as sentence:
            yield refusal(sentence, "fork"), gr.skip(), gr.skip()

    def pause(self, request: gr.Request) -> None:
        self.runs.pause(visitor(request), self.slot)

    async def reset(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> str:
        try:
            wanted = self._wanted(dataset, knobs)
            return await self.runs.reset(visitor(request), self.slot, wanted, self._view(event))
        except Refused as sentence:
            return refusal(sentence, "reset")

    async def edit(self, dataset: str, knobs: str, request: gr.Request) -> str:
        try:
            wanted = self._wanted(dataset, knobs)
            possible, frame = await self.runs.edit(visitor(request), self.slot, wanted)
            if not possible:
                return notice(stale=True, message="The next training will have this: press Train.")
            return gr.skip() if frame is None else frame
        except Refused as sentence:
            return refusal(sentence, "edit")

    async def look(self, event: gr.EventData, request: gr.Request) -> str:
        try:
            frame = await self.runs.look(visitor(request), self.slot, self._view(event))
            return gr.skip() if frame is None else frame
        except Refused as sentence:
            return refusal(sentence, "look")

    async def open(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> str:
        """The first frame of a tab: that of the shipped model (untrained if none ships), or of the experiment that the
        link or the page asks for, with the "view" if the link has one. Without a link, the page asks for a shipped
        model to replace the run that it shows."""
        query = said(event).get("query")
        try:
            if not isinstance(query, str):
                return await self._first_frame(self._wanted(dataset, knobs), self._view(event), request)
            link = dict(parse_qsl(query.removeprefix("?"), keep_blank_values=True))
            wanted, view = self._linked(link) or (self._wanted(dataset, knobs), None)
            if wanted == checkpoints.opening(self.family):
                frame = opening_frame(self.family) or "{}"
            else:
                frame = await self._first_frame(wanted, view or self._view(event), request)
            return frame if view is None else json.dumps(json.loads(frame) | {"view": view.model_dump(mode="json")})
        except Forgotten as sentence:
            return refusal(sentence, "opened")
        except Refused as sentence:
            told = f"This link can't be opened as it is. {sentence}" if query else str(sentence)
            return json.dumps(json.loads(opening_frame(self.family) or "{}") | {"error": told})

    def _linked(self, link: dict[str, str]) -> tuple[Experiment, ViewState | None] | None:
        """The experiment that a link asks for, and its view if it has one; None if none or for another tab."""
        family = link.get("family", Experiment.model_fields["family"].default)
        if family != self.family and family in FAMILIES:
            return None
        viewed = any(name.startswith(PREFIX) for name in link)
        wanted = from_link(link) or (checkpoints.opening(self.family) if viewed else None)
        if wanted is None:
            return None
        return wanted, view_from_link(link, opening_view(wanted)) if viewed else None

    async def _first_frame(self, wanted: Experiment, view: ViewState, request: gr.Request) -> str:
        return await self.runs.open(visitor(request), self.slot, wanted, view)

    def pick(self, event: gr.EventData, request: gr.Request):
        """Choose a recipe: its data, its knobs, and a notice that tells the Stage to begin, with a trained model if
        there is one."""
        try:
            name = said(event).get("recipe")
            if name not in tuple(recipes(self.family)):
                raise Refused("There is no such recipe.")
            recipe = recipes(self.family)[name]
            wanted = recipe.experiment
            trained = self.runs.trained(visitor(request), self.slot, wanted)
            begin = notice(
                begin=name, layout=recipe.layout, switched_on=recipe.layers, time=recipe.time, trained=trained
            )
            return dataset_text(self.runs.drawings, wanted), knobs_text(wanted), begin, link_text(wanted)
        except Refused as sentence:
            return gr.skip(), gr.skip(), refusal(sentence, "pick"), gr.skip()

    def _wanted(self, dataset: Any, knobs: Any) -> Experiment:
        return from_page(self.runs.drawings, self.family, dataset, knobs)

    def _view(self, event: gr.EventData) -> ViewState:
        """The view whose fields are among an event's data."""
        data = said(event)
        return view_from({name: data[name] for name in ViewState.model_fields if name in data})
