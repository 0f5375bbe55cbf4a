"""The event handlers of one tab."""

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from playground.experiment import Experiment
from playground.lessons.recipes import recipes
from playground.scene import ViewState
from playground.training import checkpoints
from playground.ui.drawings import Drawings
from playground.ui.links.page_state import dataset_value, knobs_value, opening_view
from playground.ui.opening import opening_frame
from playground.ui.requests import UNREADABLE, Forgotten, Refused, from_page, view_from
from playground.ui.runs import Runs

NUMBERS = itertools.count()

LOST = "The server no longer has this run. What was recorded stays, and can be rewound."


def dataset_text(drawings: Drawings, wanted: Experiment) -> str:
    return json.dumps(dataset_value(drawings, wanted))


def knobs_text(wanted: Experiment) -> str:
    return json.dumps(knobs_value(wanted))


def said(event: gr.EventData) -> dict[str, Any]:
    """The data of an event. Raises Refused if the page doesn't send such data."""
    if not isinstance(event._data, dict):
        raise Refused(UNREADABLE)
    return event._data


def notice(**said: Any) -> str:
    """A message to the page, numbered, since Gradio doesn't deliver an unchanged value."""
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
            who = self._visitor(request)
            async for frame in self.runs.train(who, self.slot, wanted, view, steps, only, at, run):
                yield frame
        except Refused as sentence:
            yield refusal(sentence, "step" if counted else "train")

    async def fork(self, event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        """Fork a run at an earlier step. Yields frames and, once, the new values of the knobs."""
        told = False
        try:
            data, who, view = said(event), self._visitor(request), self._view(event)
            frames = self.runs.fork(who, self.slot, data.get("step"), data.get("changes"), view, data.get("run"))
            async for frame in frames:
                now = None if told else self.runs.of(who, self.slot)
                yield frame, gr.skip() if now is None else knobs_text(now.experiment)
                told = True
        except Refused as sentence:
            yield refusal(sentence, "fork"), gr.skip()

    def pause(self, request: gr.Request) -> None:
        self.runs.pause(self._visitor(request), self.slot)

    async def reset(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> str:
        try:
            wanted, who = self._wanted(dataset, knobs), self._visitor(request)
            if said(event).get("aside"):  # the tab opens, and other data were chosen meanwhile
                self.runs.slots.set_aside(who, self.slot)
                return await self.runs.open(who, self.slot, wanted, self._view(event))
            return await self.runs.reset(who, self.slot, wanted, self._view(event))
        except Refused as sentence:
            return refusal(sentence, "reset")

    async def edit(self, dataset: str, knobs: str, request: gr.Request) -> str:
        try:
            wanted = self._wanted(dataset, knobs)
            possible, frame = await self.runs.edit(self._visitor(request), self.slot, wanted)
            if not possible:
                return notice(stale=True, message="The next training will have this: press Train.")
            return gr.skip() if frame is None else frame
        except Refused as sentence:
            return refusal(sentence, "edit")

    async def look(self, event: gr.EventData, request: gr.Request) -> str:
        try:
            frame = await self.runs.look(self._visitor(request), self.slot, self._view(event))
            return gr.skip() if frame is None else frame
        except Refused as sentence:
            return refusal(sentence, "look")

    async def open(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        """What a tab opens with: the visitor's run, if the event says that its page came "back", or names a "run" that
        was set "aside", and if that run is still there and has the page's data. Its settings are then those of the
        knobs. Else the first frame of an experiment, of a shipped model or an untrained one, and, if the event has a
        "step", the frames of a training up to it. After a lost connection, "again", nothing takes the place of a run
        that is gone."""
        try:
            data, wanted, view = said(event), self._wanted(dataset, knobs), self._view(event)
            who, back, step = self._visitor(request), bool(data.get("back")), data.get("step")
            if data.get("aside"):
                back = self.runs.slots.bring_back(who, self.slot, data.get("run"))
            run = self.runs.of(who, self.slot) if back else None
            if run is not None and run.expected.dataset == wanted.dataset:
                told = False
                async for frame in self.runs.attach(who, self.slot, wanted, view):
                    yield frame, gr.skip() if told else knobs_text(run.expected)
                    told = True
                return
            if data.get("again"):
                yield notice(gone=True, error=LOST), gr.skip()
                return
            async for frame in self._begin(who, wanted, view, step):
                yield frame, gr.skip()
        except Refused as sentence:
            yield refusal(sentence, "opened"), gr.skip()

    async def _begin(self, who: str, wanted: Experiment, view: ViewState, step: Any) -> AsyncIterator[str]:
        shipped = checkpoints.named(wanted) is not None and step == wanted.total_steps
        untouched = view == opening_view(wanted) and self.runs.of(who, self.slot) is None
        if untouched and step is None and wanted == checkpoints.opening(self.family):
            yield notice(**json.loads(opening_frame(self.family) or "{}"))  # measured once for all visitors
        elif step is None or shipped:
            yield await self.runs.open(who, self.slot, wanted, view)
        else:
            yield await self.runs.reset(who, self.slot, wanted, view)
        if step and not shipped:
            async for frame in self.runs.train(who, self.slot, wanted, view, step):
                yield frame

    def pick(self, event: gr.EventData, request: gr.Request):
        """Choose a recipe: its data, its knobs, and a notice that tells the Stage to begin, with a trained model if
        there is one. A run that can't show it is set aside."""
        try:
            name = said(event).get("recipe")
            if name not in tuple(recipes(self.family)):
                raise Refused("There is no such recipe.")
            recipe, who = recipes(self.family)[name], self._visitor(request)
            wanted = recipe.experiment
            trained = self.runs.trained(who, self.slot, wanted)
            self.runs.make_way(who, self.slot, wanted)
            layers = sorted(recipe.layers or opening_view(wanted).layers)
            begin = notice(begin=name, layout=recipe.layout, switched_on=layers, time=recipe.time, trained=trained)
            return dataset_text(self.runs.drawings, wanted), knobs_text(wanted), begin
        except Refused as sentence:
            return gr.skip(), gr.skip(), refusal(sentence, "pick")

    def _visitor(self, request: gr.Request) -> str:
        return self.runs.visitors.of(request.session_hash or "")

    def _wanted(self, dataset: Any, knobs: Any) -> Experiment:
        return from_page(self.runs.drawings, self.family, dataset, knobs)

    def _view(self, event: gr.EventData) -> ViewState:
        """The view whose fields are among an event's data."""
        data = said(event)
        return view_from({name: data[name] for name in ViewState.model_fields if name in data})
