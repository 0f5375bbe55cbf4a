"""Questions of the page, past Gradio's queue: what is under the pointer must come while the pointer is still there.

An event of Gradio's goes to its queue by one request and comes back in a stream that it shares with the frames of the
training: on two cores that took 113 ms at the median while a model trained, this 38 (benchmarks/waits.py).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.ui.components import ASSETS
from playground.ui.requests import UNREADABLE, Refused, body, slot_from
from playground.ui.runs import Runs

LONGEST = 64_000
"""Bytes of a question: a dragged path of 64 places is 3,000."""


def question_route(runs: Runs) -> Route:
    """POST {"visitor": the page's session, "slot", "question": {"ask", …}} is answered with what `Runs.ask` says, or
    with {"error": sentence}."""

    async def answer(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await runs.ask(*read(await body(request, LONGEST))))
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/ask", answer, methods=["POST"])


def read(sent: Any) -> tuple[str, str, dict[str, Any]]:
    """Visitor, slot and question. Raises Refused for anything that the page doesn't send."""
    try:
        visitor, slot, question = sent["visitor"], sent["slot"], sent["question"]
    except (KeyError, TypeError):
        raise Refused(UNREADABLE) from None
    named = isinstance(visitor, str) and 0 < len(visitor) <= 64 and isinstance(slot, str)
    if not named or not isinstance(question, dict):
        raise Refused(UNREADABLE)
    return visitor, slot_from(slot, past=True), question
