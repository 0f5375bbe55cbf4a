"""Questions of the page, past Gradio's queue: what is under the pointer must come while the pointer is still there.

An event of Gradio's goes to its queue by one request and comes back in a stream that it shares with the frames of the
training: on two cores that took 113 ms at the median while a model trained, this 38 (benchmarks/waits.py).
"""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.families import FAMILIES
from playground.ui.components import ASSETS
from playground.ui.runs import Refused, Sessions

LONGEST = 64_000
"""Bytes of a question: a dragged path of 64 places is 3,000."""

UNREADABLE = "The page sent something that can't be read. Reload it, and try again."


def question_route(sessions: Sessions) -> Route:
    """POST {"visitor": the page's session, "family", "question": {"ask", …}} is answered with what `Sessions.ask` says,
    or with {"error": sentence}."""

    async def answer(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await sessions.ask(*read(await _body(request))))
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/ask", answer, methods=["POST"])


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            raise Refused(UNREADABLE)
    return body


def read(body: bytes) -> tuple[str, str, dict[str, Any]]:
    """Visitor, family and question. Raises Refused for anything that the page doesn't send."""
    try:
        sent = json.loads(body)
        visitor, family, question = sent["visitor"], sent["family"], sent["question"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise Refused(UNREADABLE) from None
    known = isinstance(family, str) and family in FAMILIES and isinstance(visitor, str) and 0 < len(visitor) <= 64
    if not known or not isinstance(question, dict):
        raise Refused(UNREADABLE)
    return visitor, family, question
