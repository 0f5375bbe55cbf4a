"""The route for small pictures of the shipped models."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.lessons.overview import pictures
from playground.ui.serving.files import ASSETS


def overview_route() -> Route:
    """GET is answered with {family: [x, y, …]} (see `playground.lessons.overview.pictures`)."""

    async def answer(request: Request) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(pictures))

    return Route(f"/{ASSETS}/overview", answer)
