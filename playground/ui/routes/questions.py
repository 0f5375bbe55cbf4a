"""The route for questions, which bypasses Gradio's queue, so that answers keep up with the pointer.

A Gradio event takes one request to the queue, and its answer comes in a stream shared with the frames of the training.
On two cores, while a model trained, the median was 113 ms that way and 38 ms by this route (benchmarks/waits.py).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.ui.requests import UNREADABLE, Refused, body, slot_from
from playground.ui.runs import Runs
from playground.ui.serving.files import ASSETS

LONGEST = 64_000
"""Most bytes of a question. A dragged path of 64 points takes 3,000."""


def question_route(runs: Runs) -> Route:
    """POST {"visitor": the page's session, "slot", "question": {"ask", …}} is answered with the result of `Runs.ask`,
    or with {"error": sentence}."""

    async def answer(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await runs.ask(*read(await body(request, LONGEST))))
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/ask", answer, methods=["POST"])


def read(sent: Any) -> tuple[str, str, dict[str, Any]]:
    """Visitor, slot and question. Raises Refused for malformed data."""
    try:
        visitor, slot, question = sent["visitor"], sent["slot"], sent["question"]
    except (KeyError, TypeError):
        raise Refused(UNREADABLE) from None
    named = isinstance(visitor, str) and 0 < len(visitor) <= 64 and isinstance(slot, str)
    if not named or not isinstance(question, dict):
        raise Refused(UNREADABLE)
    return visitor, slot_from(slot, past=True), question
