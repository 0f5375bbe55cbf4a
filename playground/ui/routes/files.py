"""The route for the page's scripts and styles. A plain route: a proxy may strip a prefix from the address, and behind
one a mounted application finds no file (Starlette then counts the prefix twice)."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route


def file_route(address: str, folder: Path) -> Route:
    """GET /address/… is answered with the file of that path in the folder."""
    root = folder.resolve()

    def answer(request: Request) -> FileResponse:
        wanted = (root / request.path_params["path"]).resolve()
        if not wanted.is_relative_to(root) or not wanted.is_file():
            raise HTTPException(404)
        return FileResponse(wanted)

    return Route(f"/{address}/{{path:path}}", answer)
