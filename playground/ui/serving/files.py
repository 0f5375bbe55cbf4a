"""The page's own files, under an address that names their content, and the route that serves them."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.families import FAMILIES
from playground.ui.opening import opening_frame
from playground.ui.schema import data_sets
from playground.ui.serving.bundle import scripts, styles
from playground.ui.serving.gradio_styles import gradio_sheets

ASSETS = "playground"
"""The first part of the address of all that the page asks for besides Gradio's own, relative to the page."""

STATIC = Path(__file__).parents[1] / "static"

PLAYER = STATIC / "player"
"""The page that a recording is saved as (static/export/player-file.js). The page's own scripts come without it."""

WALL = STATIC / "wall"
"""The page of a workshop's runs (playground.ui.wall), which is another one, with scripts and styles of its own."""

COLOURS = [STATIC / "page" / "page.css", STATIC / "pad" / "pad.css"]
"""The sheets that name the page's colours and those of classes."""

VENDOR = Path(__file__).parents[1] / "vendor"

PLOTLY = VENDOR / "plotly" / "plotly-cartesian.min.js"
"""plotly.js without maps and 3-D charts, a third of the size: the npm package plotly.js-cartesian-dist-min."""

FILM = {
    "gifenc.js": VENDOR / "gifenc" / "gifenc.min.js",
    "mediabunny.js": VENDOR / "mediabunny" / "mediabunny.min.js",
}
"""What writes GIFs, and MP4 and WebM: what the page needs of two npm packages (scripts/vendor.sh)."""

TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}

FIRST = next(iter(FAMILIES))
"""The family of the tab that is open by default."""


DIGITS = 16
"""Hexadecimal digits that name the contents of the files."""


class Digest(StringConvertor):
    """Part of an address: a folder of the page's files. Other folders may have files of the same names."""

    regex = f"[0-9a-f]{{{DIGITS}}}"


register_url_convertor("digest", Digest())


@dataclass(frozen=True)
class Files:
    """contents: of the files, by name. address: of their folder, relative to the page; it names the contents.
    gradio_sheets: the names of the sheets of Gradio's that are among the page's styles."""

    contents: dict[str, bytes]
    address: str
    gradio_sheets: tuple[str, ...]


@cache
def files() -> Files:
    """The files of the page: its scripts with their data, its styles; and what is loaded when it is needed: Plotly's
    library, those for films, and the player."""
    sheets = gradio_sheets()
    apart = {PLAYER, WALL}
    own, sheet = ([p for p in STATIC.rglob(f"*.{kind}") if apart.isdisjoint(p.parents)] for kind in ("js", "css"))
    data = json.dumps(page_data(), separators=(",", ":"))
    contents = {
        "page.js": f"{scripts(STATIC, own)}export const data = {data};\n".encode(),
        "page.css": ("".join(sheets.values()) + styles(STATIC, sheet)).encode(),
        "plotly.js": PLOTLY.read_bytes(),
        **{name: path.read_bytes() for name, path in FILM.items()},
        "player.html": player().encode(),
        "wall.js": (scripts(STATIC, [WALL / "wall.js"]) + 'modules["wall/wall.js"].play();').encode(),
        "wall.css": styles(STATIC, [*COLOURS, WALL / "wall.css"]).encode(),
    }
    digest = hashlib.sha256(b"".join(content for _, content in sorted(contents.items()))).hexdigest()
    return Files(contents, f"{ASSETS}/{digest[:DIGITS]}", tuple(sheets))


def player() -> str:
    """The player without a recording, as one page that asks for nothing."""
    page = (PLAYER / "player.html").read_text("utf-8")
    return page.replace("{{scripts}}", scripts(STATIC, [PLAYER / "player.js"]) + 'modules["player/player.js"].play();')


def page_data() -> dict:
    """The data of the page's scripts: {"sets": see `data_sets`, "opening": {family: the first frame of its tab}}, the
    latter for the tab that is open by default; the others are asked for."""
    return {"sets": data_sets(), "opening": {FIRST: opening_frame(FIRST)}}


def file_route() -> Route:
    """GET playground/<version>/<name> is answered with a file. A page that was opened before the files changed gets
    those that there are now.

    A plain route: behind a proxy that strips a prefix from the address, a mounted application finds no file.
    """

    def answer(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files().contents:
            raise HTTPException(404)
        headers = {"cache-control": "no-cache"}  # `Kept` lets a browser keep those of the current version
        return Response(files().contents[name], media_type=TYPES[Path(name).suffix], headers=headers)

    return Route(f"/{ASSETS}/{{version:digest}}/{{name:str}}", answer)
