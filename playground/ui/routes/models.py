"""The route for files of models, which bypasses Gradio's queue and its folder of uploads: nothing is written."""

import asyncio
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.engine import Full
from playground.engine.visits.slots import ASIDE
from playground.training.model_file import LARGEST, checked
from playground.ui.links.page_state import PageState, opening_view
from playground.ui.requests import UNREADABLE, Refused, content
from playground.ui.runs import Runs
from playground.ui.serving.files import ASSETS

AT_ONCE = 2
"""Most files that are read at the same time. Others wait."""

TOO_LARGE = f"This file is too large; at most {LARGEST // 1_000_000} MB are possible."


def model_route(runs: Runs) -> Route:
    """POST with the content of a file, and ?visitor= the page's visitor, is answered with {"state": see
    `PageState.on_page`, "run": the name of its run} or {"error": sentence}."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def answer(request: Request) -> JSONResponse:
        try:
            visitor = request.query_params.get("visitor", "")
            if not 0 < len(visitor) <= 64:
                raise Refused(UNREADABLE)
            sent = await content(request, LARGEST, TOO_LARGE)
            async with turn:
                return JSONResponse(await run_in_threadpool(open_model, runs, visitor, sent))
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/model", answer, methods=["POST"])


def open_model(runs: Runs, visitor: str, sent: bytes) -> dict[str, Any]:
    """Start a run of a model from a file, and set it aside, where the page fetches it when it opens its tab: the page's
    state, and the run's name. Raises Refused."""
    try:
        wanted, step = checked(sent)
    except ValueError as error:
        raise Refused(f"This model can't be opened: {error}.") from None
    state = PageState(experiment=wanted, view=opening_view(wanted), step=step)
    try:
        handle = runs.engine.start(wanted, visitor, state.view, model=sent)
    except Full as error:
        raise Refused(str(error)) from None
    runs.slots.put(visitor, ASIDE + handle.name, handle)
    return {"state": state.on_page(runs.drawings), "run": handle.name}
