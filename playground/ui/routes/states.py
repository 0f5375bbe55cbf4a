"""The route for what a link or a file asks for, which the page fetches before Gradio has built it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.families import FAMILIES
from playground.ui.drawings import Drawings
from playground.ui.links import page_state
from playground.ui.requests import MAX_TEXT, Refused, content
from playground.ui.serving.files import ASSETS


def state_route(drawings: Drawings) -> Route:
    """GET with the query string of a link, or POST with the content of a file, is answered with {"state": see
    `PageState.on_page`, or null for a link that asks for nothing}, or {"error": sentence}."""

    def linked(query: dict[str, str]) -> dict:
        try:
            state = page_state.from_link(query)
            return {"state": state and state.on_page(drawings)}
        except Refused as sentence:
            family = query.get("family")
            told = {"error": f"This link can't be opened as it is. {sentence}"}
            return told | ({"family": family} if family in FAMILIES else {})

    def saved(text: bytes) -> dict:
        try:
            return {"state": page_state.from_file(text).on_page(drawings)}
        except Refused as sentence:
            return {"error": f"This file can't be opened. {sentence}"}

    async def answer(request: Request) -> JSONResponse:
        if request.method != "POST":
            return JSONResponse(await run_in_threadpool(linked, dict(request.query_params)))
        try:
            return JSONResponse(await run_in_threadpool(saved, await content(request, MAX_TEXT, TOO_LARGE)))
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/state", answer, methods=["GET", "POST"])


TOO_LARGE = f"This file is too large; at most {MAX_TEXT // 1_000_000} MB are possible."
