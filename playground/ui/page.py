"""The page: the data rail that all tabs share, and a tab for each family."""

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import gradio as gr
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from playground import checkpoints
from playground.data import DataError, Drawing, read_points
from playground.experiment import Experiment
from playground.families import FAMILIES
from playground.ui import components
from playground.ui.api import add_api
from playground.ui.describe import data_sets, family_page
from playground.ui.opening import opening_frame
from playground.ui.session import Refused, Sessions, from_link, from_page, look_from
from playground.views import PLOTLY_JS

EVENT: dict[str, Any] = {
    "concurrency_limit": 80,
    "show_progress": "hidden",
    "api_visibility": "private",
    "trigger_mode": "multiple",  # or else Gradio drops a Go on that is pressed before it has put away the stream before
}
STREAMS = {"concurrency_id": "streams", **EVENT}
"""Streams wait, they don't work: the engine bounds what is computed."""

QUICK = {"concurrency_id": "quick", **EVENT}

OPENED = "true"
"""Tells the page that its link has been looked at, and that training may begin."""


def build(sessions: Sessions) -> gr.Blocks:
    """The page, without starting anything."""
    with gr.Blocks(title="Generative Playground", analytics_enabled=False) as page:
        add_api(sessions)  # before the page's own events, which take what names are left
        components.Header(elem_id="header")
        first = next(iter(FAMILIES))
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="rail"):
                dataset = components.Data(dataset_text(opening(first)), options={"sets": data_sets()})
                upload = gr.UploadButton(
                    "Upload points or a picture",
                    file_types=[".csv", ".txt", ".npy", "image"],
                    elem_id="upload",
                    size="sm",
                )
                knobs = {family: family_knobs(family) for family in FAMILIES}
            stages = {}
            with gr.Column(elem_id="tables"), gr.Tabs(elem_id="families"):
                for family in FAMILIES:
                    with gr.Tab(FAMILIES[family].title, id=family, elem_id=f"{family}-tab"):
                        stages[family] = family_tab(sessions, family, dataset, knobs[family])
        link = components.Answer(family="page", options={"name": "link", "kept": True})
        opened = components.Answer(family="page", options={"name": "opened", "kept": True})
        read = upload.upload(read_upload, upload, dataset, **QUICK)
        for family, stage in stages.items():
            chosen = [dataset, knobs[family]]
            for changed in (dataset.chosen, knobs[family].turned, read.success):
                changed(partial(to_link, family), chosen, link, **QUICK)
            for changed in (dataset.chosen, read.success):
                changed(Acts(sessions, family).choose, chosen, stage, **QUICK)
            page.load(Acts(sessions, family).restore, None, [dataset, knobs[family], stage, opened], **QUICK)

        def leave(request: gr.Request) -> None:
            sessions.leave(visitor(request))

        page.unload(leave)
    return page


def family_knobs(family: str) -> components.Knobs:
    controls = family_page(family)["controls"]
    classes = ["of-family", f"of-{family}"]
    return components.Knobs(
        knobs_text(opening(family)), family=family, options={"controls": controls}, elem_classes=classes
    )


def family_tab(sessions: Sessions, family: str, dataset: gr.HTML, knobs: gr.HTML) -> components.Stage:
    """One family's tab: the Stage, readouts and charts, the explanation, and what happens when they are used."""
    about = family_page(family)
    with gr.Row(elem_classes="table"):
        with gr.Column(elem_classes="middle"):
            seen = {"layers": about["layers"], "timed": about["timed"]}
            stage = components.Stage(opening_frame(family), family=family, options=seen)
            components.About(text={"about": about["about"], "equation": about["equation"]})
        with gr.Column(elem_classes="side"):
            components.Readouts(family=family, options={"charts": about["charts"]})
            components.Chart(family=family, options={"charts": about["charts"]})
    answer = components.Answer(family=family, options={"name": "answer"})
    chosen = [dataset, knobs]
    act = Acts(sessions, family)
    stage.train(act.train, chosen, stage, **STREAMS)
    stage.step(act.step, chosen, stage, **STREAMS)
    stage.pause(act.pause, None, None, **QUICK)
    stage.reset(act.reset, chosen, stage, **QUICK)
    stage.look(act.look, None, stage, **QUICK)
    stage.ask(act.ask, None, answer, **QUICK)
    knobs.turned(act.edit, chosen, stage, **QUICK)
    return stage


def visitor(request: gr.Request | None) -> str:
    return (request.session_hash or "") if request is not None else ""


def said(event: gr.EventData) -> dict[str, Any]:
    """What came with an event. Raises Refused, if it is not what the page sends."""
    if not isinstance(event._data, dict):
        raise Refused("The page sent something that can't be read. Reload it, and try again.")
    return event._data


def error(sentence: Refused) -> str:
    """A notice for the Stage."""
    return json.dumps({"error": str(sentence)})


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
            steps = said(event).get("steps", 1) if counted else None
            async for frame in self.sessions.train(visitor(request), wanted, look, steps):
                yield frame
        except Refused as sentence:
            yield error(sentence)

    def pause(self, request: gr.Request) -> None:
        self.sessions.pause(visitor(request), self.family)

    async def reset(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> str:
        try:
            wanted = from_page(self.family, dataset, knobs)
            return await self.sessions.reset(visitor(request), wanted, self._look(event))
        except Refused as sentence:
            return error(sentence)

    async def choose(self, dataset: str, knobs: str, request: gr.Request) -> str:
        """Another data set: a run that has not begun shows it."""
        try:
            return await self.sessions.reset(visitor(request), from_page(self.family, dataset, knobs), look_from({}))
        except Refused as sentence:
            return error(sentence)

    async def edit(self, dataset: str, knobs: str, request: gr.Request) -> str:
        try:
            wanted = from_page(self.family, dataset, knobs)
            possible, frame = await self.sessions.edit(visitor(request), wanted)
            if not possible:
                return json.dumps({"stale": True, "message": "The next training will have this: press Train."})
            return gr.skip() if frame is None else frame
        except Refused as sentence:
            return error(sentence)

    async def look(self, event: gr.EventData, request: gr.Request) -> str:
        try:
            frame = await self.sessions.look(visitor(request), self.family, self._look(event))
            return gr.skip() if frame is None else frame
        except Refused as sentence:
            return error(sentence)

    async def ask(self, event: gr.EventData, request: gr.Request) -> str:
        try:
            return json.dumps(await self.sessions.ask(visitor(request), self.family, event._data))
        except Refused as sentence:
            return error(sentence)

    async def restore(self, request: gr.Request):
        """What the link of a page that opens asks for: data set, knobs and a first picture. Nothing, if it asks for
        nothing else than what is there already."""
        query = dict(request.query_params)
        nothing = gr.skip(), gr.skip(), gr.skip(), OPENED
        first = next(iter(FAMILIES))
        asked = query.get("family", first)
        if self.family != (asked if asked in FAMILIES else first):  # a family that there isn't: the first says so
            return nothing
        try:
            wanted = from_link(query)
            if wanted is None or wanted == opening(self.family):
                return nothing
            frame = await self.sessions.reset(visitor(request), wanted, look_from({}))
            return dataset_text(wanted), knobs_text(wanted), frame, OPENED
        except Refused as sentence:
            return gr.skip(), gr.skip(), error(Refused(f"This link can't be opened as it is. {sentence}")), OPENED

    def _look(self, event: gr.EventData):
        data = said(event)
        return look_from({name: data[name] for name in ("layers", "time") if name in data})


def opening(family: str) -> Experiment:
    """The experiment that a tab opens on."""
    return checkpoints.SHIPPED.get(family) or Experiment(family=family)


def dataset_text(wanted: Experiment) -> str:
    return wanted.dataset.model_dump_json()


def knobs_text(wanted: Experiment) -> str:
    return json.dumps(wanted.config.model_dump(mode="json") | {"steps": wanted.steps, "seed": wanted.seed})


def to_link(family: str, dataset: str, knobs: str) -> str:
    """What the address bar shall hold, and whether a drawing was too large for it."""
    try:
        wanted = from_page(family, dataset, knobs)
    except Refused:
        return gr.skip()  # the Stage says what is wrong
    whole = not isinstance(wanted.dataset, Drawing) or wanted.dataset.encode() is not None
    return json.dumps({"query": wanted.to_query(), "whole": whole})


def read_upload(path: str) -> str:
    """The points of an uploaded file, for the data rail."""
    try:
        drawing, note = read_points(path)
    except DataError as problem:
        raise gr.Error(str(problem), print_exception=False) from None
    gr.Info(note)
    return drawing.model_dump_json()


def routes() -> list[BaseRoute]:
    """Where the page's scripts are served, next to Gradio's own."""
    return [
        Route(f"/{components.ASSETS}/plotly.min.js", lambda request: FileResponse(PLOTLY_JS)),
        Mount(f"/{components.ASSETS}", StaticFiles(directory=components.STATIC)),
    ]
