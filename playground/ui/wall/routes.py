"""The routes of walls: the page of one, and what it and its members ask for. Each answers {"error": sentence} to what
it refuses."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import BaseRoute, Route

from playground.messages import explain
from playground.ui.requests import SLOT, Refused, body
from playground.ui.runs import Runs
from playground.ui.serving.files import ASSETS, STATIC, files
from playground.ui.wall.tiles import Tiles
from playground.ui.wall.walls import Walls

LONGEST = 64_000
"""Most bytes of a request."""

Secret = Annotated[str, Field(min_length=1, max_length=64)]


class Sent(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Place(Sent):
    """Where a member is: the page's visitor and slot, and whether it shows the picture that every visitor finds."""

    visitor: Secret
    slot: Annotated[str, Field(pattern=rf"^{SLOT.pattern}$")]
    opening: bool = False


class Joins(Place):
    code: Annotated[str, Field(max_length=64)]
    name: str


class Here(Place):
    ticket: Secret


class Leaves(Sent):
    ticket: Secret


class Ends(Sent):
    key: Secret


class Removes(Ends):
    id: Secret


class Looks(Ends):
    """known: the versions of the tiles that the page has, by their ids."""

    known: Annotated[dict[Secret, Annotated[str, Field(max_length=100)]], Field(max_length=100)] = {}


M = TypeVar("M", bound=Sent)


def wall_routes(runs: Runs, walls: Walls | None = None) -> list[BaseRoute]:
    """GET wall is the page. POST playground/wall/… : `open` gives {"code", "key"}; `look` {"code", "tiles": see
    `Tiles.of`}; `end` and `remove` {}; `join` {"name", "ticket"}; `here` and `leave` {}."""
    walls = walls or Walls()
    tiles = Tiles(runs)

    async def page(_: Request) -> HTMLResponse:
        text = (STATIC / "wall" / "wall.html").read_text("utf-8")
        return HTMLResponse(text.replace("{{home}}", files().address))

    async def opens(_: Request) -> Any:
        wall = walls.open()
        return {"code": wall.code, "key": wall.key}

    async def look(request: Request) -> Any:
        sent = await read(request, Looks)
        wall = walls.seen(sent.key)
        tiles.forget(walls.members())
        return {"code": wall.code, "tiles": tiles.of(wall, sent.known)}

    async def end(request: Request) -> Any:
        walls.end((await read(request, Ends)).key)
        return {}

    async def remove(request: Request) -> Any:
        sent = await read(request, Removes)
        walls.remove(sent.key, sent.id)
        return {}

    async def join(request: Request) -> Any:
        sent = await read(request, Joins)
        address = request.client.host if request.client else ""
        member = walls.join(sent.code, sent.name, sent.visitor, sent.slot, sent.opening, address)
        return {"name": member.name, "ticket": member.ticket}

    async def here(request: Request) -> Any:
        sent = await read(request, Here)
        walls.here(sent.ticket, sent.visitor, sent.slot, sent.opening)
        return {}

    async def leave(request: Request) -> Any:
        walls.leave((await read(request, Leaves)).ticket)
        return {}

    acts = {"open": opens, "look": look, "end": end, "remove": remove, "join": join, "here": here, "leave": leave}
    posts = [Route(f"/{ASSETS}/wall/{name}", answering(act), methods=["POST"]) for name, act in acts.items()]
    return [Route("/wall", page), *posts]


def answering(act: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[JSONResponse]]:
    async def answer(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await act(request))
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return answer


async def read(request: Request, model: type[M]) -> M:
    try:
        return model.model_validate(await body(request, LONGEST))
    except ValidationError as error:
        raise Refused(explain(error)) from None
