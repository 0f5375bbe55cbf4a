"""The route that tells whether the trainers are ready. The page asks it when an answer is late."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.engine import Engine
from playground.ui.serving.files import ASSETS


def trainers_route(engine: Engine) -> Route:
    """GET is answered with {"ready", "wanted", "seconds"} (see `playground.engine.base.Hosts`)."""

    def answer(request: Request) -> JSONResponse:
        return JSONResponse(engine.hosts._asdict(), headers={"cache-control": "no-store"})

    return Route(f"/{ASSETS}/trainers", answer)
