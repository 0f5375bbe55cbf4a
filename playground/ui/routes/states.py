"""The route for what a link or a file asks for, which the page fetches before Gradio has built it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.families import FAMILIES
from playground.lessons.lesson import LESSONS
from playground.race.race import LANE
from playground.ui.drawings import Drawings
from playground.ui.links import page_state, taught
from playground.ui.requests import MAX_TEXT, Refused, content
from playground.ui.serving.files import ASSETS


def state_route(drawings: Drawings) -> Route:
    """GET with the query string of a link, or POST with the content of a file, is answered with {"state": see
    `PageState.on_page`, or null for a link that asks for nothing}, or {"error": sentence}. A lesson, of either, is
    added: {"lesson": see `taught.on_page`, "at": the index of its step}; a link may show another state beside it."""

    kept: dict[str, dict] = {}  # the lessons that come with the project

    def linked(query: dict[str, str]) -> dict:
        try:
            found = taught.from_link(query)
        except Refused as sentence:
            return {"error": f"This link can't be opened as it is. {sentence}"}
        seen = stated({name: value for name, value in query.items() if name != taught.NAME})
        if found is None:
            return seen
        lesson, code, at = found
        told = kept.get(code) or taught.on_page(drawings, lesson, code)
        if code in LESSONS:
            kept[code] = told
        own = "error" in seen or seen["state"] is not None
        return (seen if own else {"state": told["steps"][at]["state"]}) | {"lesson": told, "at": at}

    def stated(query: dict[str, str]) -> dict:
        try:
            if race := page_state.race_from_link(query):
                return {"state": page_state.race_on_page(drawings, race)}
            state = page_state.from_link(query)
            return {"state": state and state.on_page(drawings)}
        except Refused as sentence:
            family = query.get("family")
            told = {"error": f"This link can't be opened as it is. {sentence}"}
            tab = page_state.COMPARE if f"{LANE}1" in query else family
            return told | ({"family": tab} if tab == page_state.COMPARE or tab in FAMILIES else {})

    def saved(text: bytes) -> dict:
        try:
            given = page_state.json_of(text)
            if "steps" in given and "experiment" not in given:
                lesson = taught.checked(given)
                return {"lesson": taught.on_page(drawings, lesson, taught.encoded(lesson)), "at": 0}
            found = page_state.from_given(given)
            if isinstance(found, page_state.PageState):
                return {"state": found.on_page(drawings)}
            return {"state": page_state.race_on_page(drawings, found)}
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
