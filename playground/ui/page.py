"""The page: the data rail that all tabs share, and a tab for each family."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import gradio as gr
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from playground import checkpoints
from playground.data import DataError, Drawing, read_points
from playground.experiment import Experiment
from playground.families import FAMILIES
from playground.recipes import recipes
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

FIRST = next(iter(FAMILIES))
"""The family of the tab that is open when nothing else is asked for."""

OPENED = "true"
"""Tells the page that its link has been looked at, and that training may begin."""


def build(sessions: Sessions) -> gr.Blocks:
    """The page, without starting anything."""
    with gr.Blocks(title="Generative Playground", analytics_enabled=False) as page:
        add_api(sessions)  # before the page's own events, which take what names are left
        components.Header(elem_id="header")
        link = components.Answer(family="page", options={"name": "link", "kept": True})
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="rail"):
                dataset = components.Data(dataset_text(opening(FIRST)), options={"sets": data_sets()})
                upload = gr.UploadButton(
                    "Upload points or a picture",
                    file_types=[".csv", ".txt", ".npy", "image"],
                    elem_id="upload",
                    size="sm",
                )
                knobs = {family: family_knobs(family) for family in FAMILIES}
            stages = {}
            with gr.Column(elem_id="tables"), gr.Tabs(selected=FIRST, elem_id="families") as tabs:
                for family in FAMILIES:
                    with gr.Tab(FAMILIES[family].title, id=family, elem_id=f"{family}-tab"):
                        stages[family] = family_tab(sessions, family, dataset, knobs[family], link)
        opened = components.Answer(family="page", options={"name": "opened", "kept": True})
        whole = WholePage(tabs, opened, dataset, knobs)
        upload.upload(read_upload, upload, dataset, **QUICK)
        everything = [dataset, *knobs.values()]
        turned = [knob.turned for knob in knobs.values()]
        for changed in (dataset.chosen, *turned, *(stage.shared for stage in stages.values())):
            changed(whole.to_link, everything, link, **QUICK)
        page.load(whole.restore, None, [tabs, opened, *everything], **QUICK)

        def leave(request: gr.Request) -> None:
            sessions.leave(visitor(request))

        page.unload(leave)
    return page


def family_knobs(family: str) -> components.Knobs:
    classes = ["of-family", f"of-{family}"] + (["open"] if family == FIRST else [])
    controls = family_page(family)["controls"]
    return components.Knobs(
        knobs_text(opening(family)), family=family, options={"controls": controls}, elem_classes=classes
    )


def family_tab(
    sessions: Sessions, family: str, dataset: components.Data, knobs: components.Knobs, link: components.Answer
) -> components.Stage:
    """One family's tab: the Stage, readouts and charts, the explanation, and what happens when they are used."""
    about = family_page(family)
    recipes = about["recipes"]
    with gr.Row(elem_classes="table"):
        with gr.Column(elem_classes="middle"):
            seen = {name: about[name] for name in ("layers", "layouts", "gestures", "players", "timed")}
            first = opening_frame(family) if family == FIRST else None  # the others are asked for when they are opened
            stage = components.Stage(first, family=family, options=seen)
            tries = components.Recipes(family=family, options={"recipes": recipes}) if recipes else None
            components.About(text={"about": about["about"], "equation": about["equation"]})
        with gr.Column(elem_classes="side"):
            components.Readouts(family=family, options={"charts": about["charts"]})
            components.Chart(family=family, options={"charts": about["charts"], "figures": about["figures"]})
    answer = components.Answer(family=family, options={"name": "answer"})
    chosen = [dataset, knobs]
    act = Acts(sessions, family)
    stage.train(act.train, chosen, stage, **STREAMS)
    stage.step(act.step, chosen, stage, **STREAMS)
    stage.pause(act.pause, None, None, **QUICK)
    stage.reset(act.reset, chosen, stage, **QUICK)
    stage.look(act.look, None, stage, **QUICK)
    stage.ask(act.ask, None, answer, **QUICK)
    stage.opened(act.open, chosen, stage, **QUICK)
    knobs.turned(act.edit, chosen, stage, **QUICK)
    if tries is not None:
        tries.picked(act.pick, None, [*chosen, stage, link], **QUICK)
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
            data = said(event) if counted else {}
            steps, only = (data.get("steps", 1) if counted else None), (data.get("player") or None)
            async for frame in self.sessions.train(visitor(request), wanted, look, steps, only):
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

    async def open(self, dataset: str, knobs: str, event: gr.EventData, request: gr.Request) -> str:
        """The first picture of a tab: of the shipped model, or of what the link or the page now asks for."""
        query = said(event).get("query")
        try:
            wanted = from_link(dict(parse_qsl(query.removeprefix("?")))) if isinstance(query, str) else None
            if wanted is None or wanted.family != self.family:
                wanted = from_page(self.family, dataset, knobs)
            if wanted != opening(self.family):
                return await self.sessions.reset(visitor(request), wanted, look_from({}))
            return opening_frame(self.family) or "{}"
        except Refused as sentence:
            told = f"This link can't be opened as it is. {sentence}" if query else str(sentence)
            return json.dumps(json.loads(opening_frame(self.family) or "{}") | {"error": told})

    def pick(self, event: gr.EventData):
        """A recipe: its data, its knobs, and a word to the Stage to begin."""
        try:
            name = said(event).get("recipe")
            if name not in tuple(recipes(self.family)):
                raise Refused("There is no such recipe.")
            wanted = recipes(self.family)[name].experiment
            return dataset_text(wanted), knobs_text(wanted), json.dumps({"begin": name}), link_text(wanted)
        except Refused as sentence:
            return gr.skip(), gr.skip(), error(sentence), gr.skip()

    def _look(self, event: gr.EventData):
        data = said(event)
        return look_from({name: data[name] for name in ("layers", "layout", "time") if name in data})


class WholePage:
    """What concerns all tabs: the data that they share, the link, and how the page opens."""

    def __init__(
        self,
        tabs: gr.Tabs,
        opened: components.Answer,
        dataset: components.Data,
        knobs: dict[str, components.Knobs],
    ):
        self.tabs, self.opened, self.dataset, self.knobs = tabs, opened, dataset, knobs

    def to_link(self, event: gr.EventData, dataset: str, *knobs: str) -> str:
        """What the address bar shall hold, and whether a drawing was too large for it."""
        try:
            family = open_family(event)
            wanted = from_page(family, dataset, knobs[list(FAMILIES).index(family)])
        except Refused:
            return gr.skip()  # the Stage says what is wrong
        return link_text(wanted)

    def restore(self, request: gr.Request) -> dict[Any, Any]:
        """What the link of a page that opens asks for: a tab, the data set and knobs. The Stage asks for its picture
        itself, when its tab opens (`Acts.open`): Gradio loses what is sent to a tab that was never open."""
        query = dict(request.query_params)
        family = query.get("family", FIRST)
        found: dict[Any, Any] = {self.opened: OPENED}
        if family in FAMILIES:
            found[self.tabs] = gr.Tabs(selected=family)
        with suppress(Refused):  # the Stage says what is wrong
            wanted = from_link(query)
            if wanted is not None:
                found |= {self.dataset: dataset_text(wanted), self.knobs[wanted.family]: knobs_text(wanted)}
        return found


def open_family(event: gr.EventData) -> str:
    """The family whose tab is open. Raises Refused."""
    family = said(event).get("family")
    if not isinstance(family, str) or family not in FAMILIES:
        raise Refused(f"There is no family of that name; there are {', '.join(FAMILIES)}.")
    return family


def opening(family: str) -> Experiment:
    """The experiment that a tab opens on."""
    return checkpoints.SHIPPED.get(family) or Experiment(family=family)


def dataset_text(wanted: Experiment) -> str:
    return wanted.dataset.model_dump_json()


def knobs_text(wanted: Experiment) -> str:
    return json.dumps(wanted.config.model_dump(mode="json") | {"steps": wanted.steps, "seed": wanted.seed})


def link_text(wanted: Experiment) -> str:
    """What the address bar shall hold, and whether a drawing was too large for it."""
    whole = not isinstance(wanted.dataset, Drawing) or wanted.dataset.encode() is not None
    return json.dumps({"query": wanted.to_query(), "whole": whole})


def read_upload(path: str) -> str:
    """The points of an uploaded file, for the data rail."""
    try:
        drawing, note = read_points(path)
    except DataError as problem:
        raise gr.Error(str(problem), print_exception=False) from None
    gr.Info(note)
    return json.dumps(drawing.model_dump(mode="json") | {"uploaded": True})


def routes() -> list[BaseRoute]:
    """Where the page's scripts are served, next to Gradio's own."""
    return [
        Route(f"/{components.ASSETS}/plotly.min.js", lambda request: FileResponse(PLOTLY_JS)),
        Mount(f"/{components.ASSETS}", StaticFiles(directory=components.STATIC)),
    ]
