"""The page: the data rail that all tabs share, and a tab for each family."""

import json
from contextlib import suppress
from typing import Any

import gradio as gr
from starlette.routing import BaseRoute

from playground.data import DataError, read_points
from playground.families import FAMILIES
from playground.training.checkpoints import opening
from playground.ui import components
from playground.ui.api import add_api
from playground.ui.drawings import Drawings
from playground.ui.handlers import Handlers, dataset_text, knobs_text, link_text, said, view_in, visitor
from playground.ui.requests import Refused, from_link, from_page
from playground.ui.routes.data import data_route
from playground.ui.routes.questions import question_route
from playground.ui.routes.trainers import trainers_route
from playground.ui.runs import Runs
from playground.ui.schema import family_page
from playground.ui.serving.files import FIRST, file_route

EVENT: dict[str, Any] = {
    "concurrency_limit": 400,
    "show_progress": "hidden",
    "api_visibility": "private",
    "trigger_mode": "multiple",  # otherwise Gradio drops a Resume that comes before the last stream is closed
}
STREAMS = {"concurrency_id": "streams", **EVENT}
"""Streams mostly wait; the engine bounds the computation."""

QUICK = {"concurrency_id": "quick", **EVENT}


def build(runs: Runs, space: str = "") -> gr.Blocks:
    """Build the page, without starting anything. space: the name of the Space that it stands in, if any."""
    with gr.Blocks(title="Generative Playground", analytics_enabled=False) as page:
        add_api(runs)  # before the page's own events, whose names adapt to those taken
        components.Header(elem_id="header", options={"space": space})
        link = components.Answer(family="page", options={"name": "link"})
        dataset = components.Data(dataset_text(runs.drawings, opening(FIRST)), render=False)
        knobs = {family: family_knobs(family) for family in FAMILIES}
        stages = {}
        with gr.Row(elem_id="desk"):
            # First in the document, so that Train is a few tab stops away; the style sheet puts the rail on the left.
            with gr.Column(elem_id="tables"), gr.Tabs(selected=FIRST, elem_id="families") as tabs:
                for family in FAMILIES:
                    with gr.Tab(FAMILIES[family].title, id=family, elem_id=f"{family}-tab"):
                        stages[family] = family_tab(runs, family, dataset, knobs[family], link)
            with gr.Column(elem_id="rail"):
                dataset.render()
                upload = gr.UploadButton(
                    "Upload points or a picture",
                    file_types=[".csv", ".txt", ".npy", "image"],
                    elem_id="upload",
                    size="sm",
                )
                for family in FAMILIES:
                    knobs[family].render()
        opened = components.Answer(family="page", options={"name": "opened"})
        whole = WholePage(runs.drawings, tabs, opened, dataset, knobs)
        upload.upload(whole.read_upload, upload, dataset, **QUICK)
        everything = [dataset, *knobs.values()]
        turned = [knob.turned for knob in knobs.values()]
        for changed in (dataset.chosen, *turned, *(stage.shared for stage in stages.values())):
            changed(whole.to_link, everything, link, **QUICK)
        page.load(whole.restore, None, [tabs, opened, *everything], **QUICK)

        def leave(request: gr.Request) -> None:
            runs.leave(visitor(request))

        page.unload(leave)
    return page


def family_knobs(family: str) -> components.Knobs:
    classes = ["of-family", f"of-{family}"] + (["open"] if family == FIRST else [])
    controls = family_page(family)["controls"]
    return components.Knobs(
        knobs_text(opening(family)),
        family=family,
        options={"controls": controls},
        elem_classes=classes,
        render=False,
    )


def family_tab(
    runs: Runs, family: str, dataset: components.Data, knobs: components.Knobs, link: components.Answer
) -> components.Stage:
    """One family's tab: the Stage, cards, recipes, analyses and the explanation, and their events."""
    about = family_page(family)
    recipes, figures, watched = about["recipes"], about["figures"], about["watches"]
    alert = tries = None
    with gr.Row(elem_classes="table"):
        with gr.Column(elem_classes="middle"):
            seen = {name: about[name] for name in ("layers", "layouts", "gestures", "players", "timed")}
            stage = components.Stage(family=family, options=seen)
            if watched:
                alert = components.Alert(family=family, options={"watches": watched})
        components.Cards(
            family=family, options={"charts": about["charts"], "notes": about["notes"]}, elem_classes="flat"
        )
        if recipes:
            tries = components.Recipes(family=family, options={"recipes": recipes}, elem_classes="wide")
        texts = {name: about[name] for name in ("equation", "symbols")} | {"about": about["about"]["points"]}
        components.About(family=family, options={"about": about["about"]}, text=texts, elem_classes="wide")
        if figures:
            components.Analyses(family=family, options={"figures": figures}, elem_classes="wide")
    chosen = [dataset, knobs]
    handle = Handlers(runs, family)
    stage.train(handle.train, chosen, stage, **STREAMS)
    stage.step(handle.step, chosen, stage, **STREAMS)
    stage.pause(handle.pause, None, None, **QUICK)
    stage.reset(handle.reset, chosen, stage, **QUICK)
    stage.look(handle.look, None, stage, **QUICK)
    stage.opened(handle.open, chosen, stage, **QUICK)
    knobs.turned(handle.edit, chosen, stage, **QUICK)
    if alert is not None:
        alert.forked(handle.fork, None, [stage, knobs, link], **STREAMS)
    if tries is not None:
        tries.picked(handle.pick, None, [*chosen, stage, link], **QUICK)
    return stage


class WholePage:
    """The parts that all tabs share: the data, the link, and the opening of the page."""

    def __init__(
        self,
        drawings: Drawings,
        tabs: gr.Tabs,
        opened: components.Answer,
        dataset: components.Data,
        knobs: dict[str, components.Knobs],
    ):
        self.drawings = drawings
        self.tabs, self.opened, self.dataset, self.knobs = tabs, opened, dataset, knobs

    def to_link(self, event: gr.EventData, dataset: str, *knobs: str) -> str:
        """The query string for the address bar (see `link_text`), with the view if the page sends it."""
        try:
            family = open_family(event)
            wanted = from_page(self.drawings, family, dataset, knobs[list(FAMILIES).index(family)])
            return link_text(wanted, view_in(event))
        except Refused:
            return gr.skip()  # the Stage says what is wrong

    def restore(self, request: gr.Request) -> dict[Any, Any]:
        """Restore the tab, the data set and the knobs of a link when a page opens. The Stage asks for its frame itself
        when its tab opens (`Handlers.open`), since Gradio loses values sent to a tab that was never open."""
        query = dict(request.query_params)
        # The page gets its session's name, for its questions, and learns that training may begin.
        found: dict[Any, Any] = {self.opened: json.dumps({"visitor": visitor(request)})}
        if query.get("family") in FAMILIES:  # without a link, a visitor may have opened another tab by now
            found[self.tabs] = gr.Tabs(selected=query["family"])
        with suppress(Refused):  # the Stage says what is wrong
            wanted = from_link(query)
            if wanted is not None:
                found[self.dataset] = dataset_text(self.drawings, wanted)
                found[self.knobs[wanted.family]] = knobs_text(wanted)
        return found

    def read_upload(self, path: str) -> str:
        """Read the points of an uploaded file, for the data rail."""
        try:
            drawing, note = read_points(path)
        except DataError as problem:
            raise gr.Error(str(problem), print_exception=False) from None
        gr.Info(note)
        return json.dumps(drawing.model_dump(mode="json") | {"hash": self.drawings.keep(drawing), "uploaded": True})


def open_family(event: gr.EventData) -> str:
    """The family whose tab is open. Raises Refused."""
    family = said(event).get("family")
    if not isinstance(family, str) or family not in FAMILIES:
        raise Refused(f"There is no family of that name; there are {', '.join(FAMILIES)}.")
    return family


def routes(runs: Runs) -> list[BaseRoute]:
    """The routes for the page's scripts, drawings and questions, in addition to Gradio's own."""
    return [
        question_route(runs),
        data_route(runs.drawings),
        trainers_route(runs.engine),
        file_route(),
    ]
