"""The routes for files of points and of pictures, which bypass Gradio's queue and its folder of uploads: nothing is
written."""

import asyncio
import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.data import DataError, read_album, read_points
from playground.data.files.albums import USUAL_SIDE
from playground.data.files.upload import MAX_UPLOAD_BYTES
from playground.ui.drawings import Drawings
from playground.ui.links.page_state import pictures_value
from playground.ui.requests import UNREADABLE, Refused, content
from playground.ui.serving.files import ASSETS

AT_ONCE = 2
"""Most files that are read at the same time. Others wait."""

TOO_LARGE = f"This file is too large; at most {MAX_UPLOAD_BYTES // 1_000_000} MB are possible."
TOO_LARGE_IN_ALL = f"These files are too large; at most {MAX_UPLOAD_BYTES // 1_000_000} MB are possible in all."

USUAL = str(USUAL_SIDE)

MAX_NAMES = 2_000_000
"""Most bytes of the names of several files."""


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


def pictures_route(drawings: Drawings) -> Route:
    """POST with several pictures, or a zip of them (see `parted`), and ?side= and ?colour= (see `read_album`), is
    answered with {"dataset": see `pictures_value`, "note": what was read, in sentences} or {"error": sentence}."""
    turn = asyncio.Semaphore(AT_ONCE)

    def read(sent: bytes, side: str, colour: str) -> dict:
        known = {"": None, "true": True, "false": False}
        if colour not in known:
            raise Refused(UNREADABLE)
        album = read_album(parted(sent), int(side) if side.isdecimal() else 0, known[colour])
        return {"dataset": pictures_value(drawings, album.pictures), "note": album.note}

    async def answer(request: Request) -> JSONResponse:
        try:
            sent = await content(request, MAX_UPLOAD_BYTES + MAX_NAMES, TOO_LARGE_IN_ALL)
            side, colour = (request.query_params.get(name, usual) for name, usual in (("side", USUAL), ("colour", "")))
            async with turn:
                return JSONResponse(await run_in_threadpool(read, sent, side, colour))
        except (Refused, DataError) as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/pictures", answer, methods=["POST"])


def parted(sent: bytes) -> list[tuple[str, bytes]]:
    """Files, with their names, that were sent as one: a line of JSON, [[name, size], …], and their contents one after
    the other. Raises Refused."""
    head, _, rest = sent.partition(b"\n")
    try:
        named = json.loads(head[:MAX_NAMES])
        sizes = [size for name, size in named if isinstance(name, str) and type(size) is int and size >= 0]
    except (ValueError, TypeError, RecursionError):
        raise Refused(UNREADABLE) from None
    if not named or len(sizes) != len(named) or sum(sizes) != len(rest):
        raise Refused(UNREADABLE)
    if len(rest) > MAX_UPLOAD_BYTES:
        raise Refused(TOO_LARGE_IN_ALL)
    files, start = [], 0
    for (name, _), size in zip(named, sizes, strict=True):
        files.append((name, rest[start : start + size]))
        start += size
    return files
