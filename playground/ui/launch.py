"""Start the engine and serve the page."""

import atexit
import os
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from playground.engine import Engine, few_heaps, keep_small, make
from playground.hub.models import Hub
from playground.ui.page import AT_ONCE, build, routes
from playground.ui.runs import Runs
from playground.ui.serving.files import files
from playground.ui.serving.head import head
from playground.ui.serving.kept import Kept
from playground.ui.serving.refusals import HANDLERS, Refusals
from playground.ui.serving.stripped import Stripped

MAX_UPLOAD = "1kb"
"""Of files by Gradio's own route, which stays open though nothing here reads them. The page's go another way
(playground.ui.routes.uploads)."""
METRICS = "PLAYGROUND_METRICS"
"""The environment variable that switches on the route for the app's figures, if it is 1."""

WAITING = 200
"""Most events in Gradio's queue. The engine has its own bound on runs."""

SESSIONS = 100
"""Most sessions of which Gradio keeps the page's components with their last values, some hundred kB each: more than
train at the same time (`playground.engine.base.RUNS`). A page that goes is forgotten at once; a client without a page
never goes. Who comes back after a hundred others gets new ones, in some milliseconds: nothing depends on them."""


NO_ANALYTICS = {"GRADIO_ANALYTICS_CACHE_FREQUENCY": f"{10**9}", "GRADIO_ANALYTICS_MAX_EVENTS": "1"}
"""Without these, Gradio makes a table of its last 10,000 events after every event, for a monitoring page: 9 ms in which
nothing else goes on, and memory that pandas and Arrow keep. This app has its own figures
(`playground.ui.routes.health`)."""


def theme() -> gr.themes.Base:
    """The theme. It uses system fonts, so that the page makes no external requests."""
    fonts = ["system-ui", "-apple-system", "Segoe UI", "Inter", "DejaVu Sans", "sans-serif"]
    return gr.themes.Base(font=fonts, font_mono=["ui-monospace", "DejaVu Sans Mono", "monospace"])


def launch(
    engine: Engine | None = None,
    space: str | None = None,
    hub: Hub | None = None,
    metrics: bool | None = None,
    **options: Any,
):
    """Serve the page, on the engine that the environment chooses (see `playground.engine.make`) unless one is given.
    space: the name of the Space that the app runs in, by default what the environment says. hub: where models are
    published, by default the Hugging Face hub. metrics: whether the app's figures can be had (see
    `playground.ui.routes.health`), by default what the environment says. options are passed to `gr.Blocks.launch`,
    whose result is returned."""
    few_heaps()
    os.environ.update(NO_ANALYTICS)
    engine = engine or make()
    atexit.register(engine.close)
    runs = Runs(engine)
    page = build(runs, os.environ.get("SPACE_ID", "") if space is None else space)
    page.queue(max_size=WAITING)
    answers = routes(runs, hub or Hub(), os.environ.get(METRICS) == "1" if metrics is None else metrics)
    keep_small()
    return page.launch(
        theme=theme(),
        footer_links=["api"],
        max_file_size=MAX_UPLOAD,
        max_threads=2 * AT_ONCE,  # Gradio's bound on events under way: with fewer, streams keep everyone else waiting
        state_session_capacity=SESSIONS,
        enable_monitoring=False,
        ssr_mode=False,
        app_kwargs={
            "routes": answers,
            "middleware": [
                Middleware(Refusals),
                Middleware(Stripped, routes=answers),
                Middleware(Kept, address=files().address, head=head()),
            ],
            "exception_handlers": HANDLERS,
        },
        _frontend=False,  # no look whether localhost answers: on a busy machine it gives up, and the app with it
        **options,
    )
