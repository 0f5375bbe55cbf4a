"""The route for files of points, which bypasses Gradio's queue and its folder of uploads: nothing is written."""

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.data import DataError, read_points
from playground.data.files.upload import MAX_UPLOAD_BYTES
from playground.ui.drawings import Drawings
from playground.ui.requests import Refused, content
from playground.ui.serving.files import ASSETS

AT_ONCE = 2
"""Most files that are read at the same time. Others wait."""

TOO_LARGE = f"This file is too large; at most {MAX_UPLOAD_BYTES // 1_000_000} MB are possible."


def upload_route(drawings: Drawings) -> Route:
    """POST with the content of a file, and ?name= its name, is answered with {"dataset": {"points", "labels",
    "on_canvas", "origin", "names", "hash"}, "note": what was read, in plain sentences} or {"error": sentence}."""
    turn = asyncio.Semaphore(AT_ONCE)

    def read(sent: bytes, name: str) -> dict:
        upload = read_points(sent, name)
        known = {"hash": drawings.keep(upload.drawing)}
        return {"dataset": upload.drawing.model_dump(mode="json") | known, "note": upload.note}

    async def answer(request: Request) -> JSONResponse:
        try:
            sent = await content(request, MAX_UPLOAD_BYTES, TOO_LARGE)
            async with turn:
                return JSONResponse(await run_in_threadpool(read, sent, request.query_params.get("name", "")))
        except (Refused, DataError) as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/upload", answer, methods=["POST"])
