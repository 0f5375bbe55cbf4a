"""The routes for models on the hub, which bypass Gradio's queue: they wait for another server."""

import asyncio
import base64
import binascii
import json
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from playground.data import DataError, read_album
from playground.hub.errors import HubError
from playground.hub.image_sets import Stopped, fetch_images
from playground.hub.models import Hub
from playground.ui.drawings import Drawings
from playground.ui.hub.account import SIGN_IN, signs_in, token_of
from playground.ui.links.page_state import pictures_value
from playground.ui.requests import UNREADABLE, Refused, body, slot_from
from playground.ui.routes.models import open_model
from playground.ui.runs import Runs
from playground.ui.serving.files import ASSETS

AT_ONCE = 4
"""Most requests to the hub at the same time. Others wait."""

FETCHED_AT_ONCE = 2
"""Most sets of images that are fetched at the same time."""

TOLD_EVERY = 0.3
"""Seconds between two reports of how much has come."""

MOST = 2_000_000
"""Most characters of a request, which may hold a picture in base64."""

PNG = b"\x89PNG\r\n\x1a\n"

UNKNOWN = "To publish a model, sign in first, or start the app on your own machine after `hf auth login`."


def hub_routes(runs: Runs, hub: Hub) -> list[Route]:
    """GET hub is answered with {"account": the name that one publishes under, or null, "sign_in": the address for
    signing in, or null}. POST hub/publish {"visitor", "slot", "name", "picture": PNG in base64} is answered with
    {"address"}, and POST hub/open {"visitor", "name"} as a file of a model is (see `model_route`); each, if it fails,
    with {"error": sentence}."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def account(request: Request) -> JSONResponse:
        token, name = token_of(request), None
        if token:
            try:
                async with turn:
                    name = await run_in_threadpool(hub.owner, token)
            except HubError:
                name = None
        return JSONResponse({"account": name, "sign_in": SIGN_IN if signs_in() else None})

    async def publish(request: Request) -> JSONResponse:
        try:
            visitor, sent = told(await body(request, MOST))
            slot, picture = slot_from(sent.get("slot")), png(sent.get("picture", ""))
            token = token_of(request)
            if token is None:
                raise Refused(UNKNOWN)
            async with turn:
                found = await runs.ask(visitor, slot, {"ask": "model", "card": True})
                model = base64.b64decode(found["model"])
                given = (str(sent.get("name", "")), model, found["card"], picture, token)
                return JSONResponse({"address": await run_in_threadpool(hub.publish, *given)})
        except (Refused, HubError) as sentence:
            return JSONResponse({"error": str(sentence)})

    async def opened(request: Request) -> JSONResponse:
        try:
            visitor, sent = told(await body(request, MOST))
            async with turn:
                model = await run_in_threadpool(hub.fetch, sent.get("name"))
                return JSONResponse(await run_in_threadpool(open_model, runs, visitor, model))
        except (Refused, HubError) as sentence:
            return JSONResponse({"error": str(sentence)})

    return [
        Route(f"/{ASSETS}/hub", account),
        Route(f"/{ASSETS}/hub/publish", publish, methods=["POST"]),
        Route(f"/{ASSETS}/hub/open", opened, methods=["POST"]),
        images_route(runs.drawings, hub),
    ]


def images_route(drawings: Drawings, hub: Hub) -> Route:
    """POST hub/images {"name", "side", "colour"}, the last two as for `pictures_route`, is answered with lines of JSON:
    {"share": of the set that has come}, …, and at last {"dataset", "note"}, as files of pictures are, or {"error":
    sentence}. Who leaves stops it."""
    turn = asyncio.Semaphore(FETCHED_AT_ONCE)

    def read(name: Any, side: int | None, colour: bool | None, tell: Callable[[float], None]) -> dict[str, Any]:
        found = fetch_images(hub.endpoint, name, tell)
        album = read_album(found.files, side or found.side, colour)
        note = " ".join(filter(None, [album.note, found.note]))
        return {"dataset": pictures_value(drawings, album.pictures), "note": note}

    async def lines(sent: Any) -> AsyncIterator[bytes]:
        share, stop = 0.0, threading.Event()

        def tell(now: float) -> None:
            nonlocal share
            share = now
            if stop.is_set():
                raise Stopped

        try:
            if not isinstance(sent, dict):
                raise Refused(UNREADABLE)
            side, colour = sent.get("side"), sent.get("colour")
            if (side is not None and type(side) is not int) or colour not in (None, True, False):
                raise Refused(UNREADABLE)
            async with turn:
                reading = asyncio.get_running_loop().run_in_executor(None, read, sent.get("name"), side, colour, tell)
                while not (await asyncio.wait([reading], timeout=TOLD_EVERY))[0]:
                    yield line({"share": round(share, 3)})
                yield line(reading.result())
        except (Refused, HubError, DataError) as sentence:
            yield line({"error": str(sentence)})
        finally:
            stop.set()

    async def answer(request: Request) -> Response:
        try:
            return StreamingResponse(lines(await body(request, MOST)), media_type="application/x-ndjson")
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/hub/images", answer, methods=["POST"])


def line(said: dict[str, Any]) -> bytes:
    return json.dumps(said).encode() + b"\n"


def told(sent: Any) -> tuple[str, dict[str, Any]]:
    """The visitor, and all of what the page sent. Raises Refused."""
    visitor = sent.get("visitor") if isinstance(sent, dict) else None
    if not isinstance(visitor, str) or not 0 < len(visitor) <= 64:
        raise Refused(UNREADABLE)
    return visitor, sent


def png(text: Any) -> bytes:
    """A PNG from base64; empty for an empty text. Raises Refused."""
    try:
        picture = base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise Refused(UNREADABLE) from None
    if picture and not picture.startswith(PNG):
        raise Refused(UNREADABLE)
    return picture
