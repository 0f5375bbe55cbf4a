"""The routes for models on the hub, which bypass Gradio's queue: they wait for another server."""

import asyncio
import base64
import binascii
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.hub.models import Hub, HubError
from playground.ui.hub.account import SIGN_IN, signs_in, token_of
from playground.ui.requests import UNREADABLE, Refused, body, slot_from
from playground.ui.routes.models import open_model
from playground.ui.runs import Runs
from playground.ui.serving.files import ASSETS

AT_ONCE = 4
"""Most requests to the hub at the same time. Others wait."""

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
    ]


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
