"""The route for drawings, which bypasses Gradio's queue. The page sends a drawing once and then refers to its hash."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.ui.drawings import Drawings
from playground.ui.requests import MAX_TEXT, UNREADABLE, Refused, body, drawing
from playground.ui.serving.files import ASSETS


def data_route(drawings: Drawings) -> Route:
    """POST {"dataset": {"points", "labels", "on_canvas"}} is answered with {"hash": text} or {"error": sentence}."""

    def keep(sent: Any) -> str:
        if not isinstance(sent, dict) or sent.keys() != {"dataset"}:
            raise Refused(UNREADABLE)
        return drawings.keep(drawing(sent["dataset"]))

    async def answer(request: Request) -> JSONResponse:
        try:
            sent = await body(request, MAX_TEXT)
            return JSONResponse({"hash": await run_in_threadpool(keep, sent)})  # the event loop stays free
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/data", answer, methods=["POST"])
