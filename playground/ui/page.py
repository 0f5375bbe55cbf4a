"""The page: the data rail that all tabs share, a tab for each family, and one that compares them."""

import asyncio
import time
from typing import Any

import gradio as gr
from starlette.routing import BaseRoute

from playground.families import FAMILIES
from playground.hub.models import Hub
from playground.lessons.lesson import LESSONS, lesson
from playground.training.checkpoints import SHIPPED, opening
from playground.ui import components
from playground.ui.api import add_api
from playground.ui.compare import tab as compare
from playground.ui.compare.endpoint import add_race
from playground.ui.compare.races import Races
from playground.ui.handlers import Handlers, dataset_text, knobs_text, notice
from playground.ui.hub.account import signs_in
from playground.ui.hub.routes import hub_routes
from playground.ui.routes.code import code_routes
from playground.ui.routes.data import data_route
from playground.ui.routes.gallery import gallery_route
from playground.ui.routes.health import health_routes
from playground.ui.routes.models import model_route
from playground.ui.routes.overview import overview_route
from playground.ui.routes.qr import qr_route
from playground.ui.routes.questions import question_route
from playground.ui.routes.states import state_route
from playground.ui.routes.trainers import trainers_route
from playground.ui.routes.uploads import pictures_route, upload_route
from playground.ui.runs import Runs
from playground.ui.schema import family_page
from playground.ui.serving.files import FIRST, file_route
from playground.ui.wall.routes import wall_routes

AT_ONCE = 400
"""Most streams that are open at the same time, and most other events."""

EVENT: dict[str, Any] = {
    "concurrency_limit": AT_ONCE,
    "show_progress": "hidden",
    "api_visibility": "private",
    "trigger_mode": "multiple",  # otherwise Gradio drops a Resume that comes before the last stream is closed
}
STREAMS = {"concurrency_id": "streams", **EVENT}
"""Streams mostly wait; the engine bounds the computation."""

QUICK = {"concurrency_id": "quick", **EVENT}


UNREAD = 40
"""Most messages that wait for a session to read them: some seconds of frames. Then its streams wait, too, and go on
with the newest frame."""

READS = 300.0
"""Seconds after which a stream ends that nobody reads: a browser may put a page to sleep."""


class Page(gr.Blocks):
    """Says how many values an event needs, where Gradio raises an error with all that came, and logs it. And lets
    streams wait for their readers, where Gradio keeps all that wasn't read, without a bound."""

    async def process_api(self, *given: Any, **named: Any) -> dict[str, Any]:
        """One more value of a stream, or all of another event."""
        if named.get("iterator") is not None:
            await self._read(named.get("session_hash") or "")
        return await super().process_api(*given, **named)

    def forget(self, session: str) -> None:
        """Free the components of a session that is gone, and their last values. Gradio would keep them, until those of
        many others take their place (`playground.ui.launch.SESSIONS`)."""
        self.state_holder.session_data.pop(session, None)
        self.state_holder.time_last_used.pop(session, None)

    async def _read(self, session: str) -> None:
        """Wait until a session has read most of its messages. Raises gr.Error if it reads none."""
        sent = self._queue.pending_messages_per_session
        deadline = time.monotonic() + READS
        while (waiting := sent.get(session)) is not None and waiting.qsize() >= UNREAD:
            if time.monotonic() > deadline:
                raise gr.Error("Nobody reads what this sends, so it has ended.", print_exception=False)
            await asyncio.sleep(0.1)

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        wanted, got = len(block_fn.inputs), len(inputs)
        if got < wanted:
            values = "one value" if wanted == 1 else f"{wanted} values"
            raise gr.Error(f"This takes {values}, of which {got or 'none'} came.", print_exception=False)


def build(runs: Runs, space: str = "") -> gr.Blocks:
    """Build the page, without starting anything. space: the name of the Space that it stands in, if any."""
    with Page(title="Generative Playground", analytics_enabled=False) as page:
        races = Races(runs)
        add_api(runs)  # before the page's own events, whose names adapt to those taken
        add_race(races)
        components.Header(elem_id="header", options=header_options(space))
        dataset = components.Data(dataset_text(runs.drawings, opening(FIRST)), render=False)
        knobs = {family: family_knobs(family) for family in FAMILIES}
        rules = compare.rules()
        with gr.Row(elem_id="desk"):
            # First in the document, so that Train is a few tab stops away; the style sheet puts the rail on the left.
            with gr.Column(elem_id="tables"):
                components.Lesson(family="page", elem_id="lesson")
                with gr.Tabs(selected=FIRST, elem_id="families"):
                    for family in FAMILIES:
                        with gr.Tab(FAMILIES[family].title, id=family, elem_id=f"{family}-tab"):
                            family_tab(runs, family, dataset, knobs[family])
                    with gr.Tab(compare.TITLE, id=compare.SLOT, elem_id=f"{compare.SLOT}-tab"):
                        compare.compare_tab(races, dataset, rules, STREAMS, QUICK)
            with gr.Column(elem_id="rail"):
                dataset.render()
                for family in FAMILIES:
                    knobs[family].render()
                rules.render()
        arrival = components.Arrival(family="page")
        if signs_in():
            gr.LoginButton(visible=False)  # Gradio then has the routes for it; the page has a button of its own

        async def greet(event: gr.EventData, request: gr.Request) -> str:
            """Tell a page who its visitor is, for its questions."""
            token = event._data.get("token") if isinstance(event._data, dict) else None
            return notice(visitor=runs.visitors.greet(request.session_hash or "", token))

        async def leave(request: gr.Request) -> None:
            session = request.session_hash or ""
            runs.visitors.leave(session)
            page.forget(session)

        arrival.greets(greet, None, arrival, **QUICK)
        page.unload(leave)
    return page


def family_knobs(family: str) -> components.Knobs:
    classes = ["of-family", f"of-{family}"] + (["open"] if family == FIRST else [])
    page = family_page(family)
    return components.Knobs(
        knobs_text(opening(family)),
        family=family,
        options={name: page[name] for name in ("controls", "kinds")},
        text={"title": "Model"},
        elem_classes=classes,
        render=False,
    )


def family_tab(runs: Runs, family: str, dataset: components.Data, knobs: components.Knobs) -> None:
    """One family's tab: the Stage, cards, recipes, analyses and the explanation, and their events."""
    about = family_page(family)
    recipes, figures, watched = about["recipes"], about["figures"], about["watches"]
    alert = tries = None
    with gr.Row(elem_classes="table"):
        with gr.Column(elem_classes="middle"):
            parts = ("layers", "layouts", "gestures", "players", "prolonged", "timed", "diagram")
            seen = {name: about[name] for name in parts}
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
    stage.opened(handle.open, chosen, [stage, knobs], **STREAMS)
    knobs.turned(handle.edit, chosen, stage, **QUICK)
    if alert is not None:
        alert.forked(handle.fork, None, [stage, knobs], **STREAMS)
    if tries is not None:
        tries.picked(handle.pick, None, [*chosen, stage], **QUICK)


def header_options(space: str) -> dict[str, Any]:
    """The tabs' titles; the links of the experiments whose models ship with the project, each with the last step of its
    training, at which it opens; the lessons that come with the project; and the Space's name."""
    titles = {family: model.title for family, model in FAMILIES.items()} | {compare.SLOT: compare.TITLE}
    return {
        "titles": titles,
        "shipped": {wanted.to_query(): wanted.total_steps for wanted in SHIPPED.values()},
        "space": space,
        "lessons": {name: {"title": lesson(name).title, "about": lesson(name).about} for name in LESSONS},
    }


def routes(runs: Runs, hub: Hub, metrics: bool) -> list[BaseRoute]:
    """The routes for the page's scripts, drawings and questions, in addition to Gradio's own. metrics: whether the
    app's figures are among them."""
    return [
        question_route(runs),
        model_route(runs),
        data_route(runs.drawings),
        overview_route(),
        qr_route(),
        upload_route(runs.drawings),
        pictures_route(runs.drawings),
        gallery_route(runs.drawings),
        trainers_route(runs.engine),
        state_route(runs.drawings),
        file_route(),
        *code_routes(runs.drawings),
        *hub_routes(runs, hub),
        *wall_routes(runs),
        *health_routes(runs, metrics),
    ]
