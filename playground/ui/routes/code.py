"""The route for the code of an experiment: the family's own lines, and its script and notebook."""

import asyncio
import json
from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.experiment import Experiment
from playground.export import Unwritten, family_lines, notebook, script
from playground.messages import explain
from playground.ui.drawings import Drawings
from playground.ui.requests import MAX_TEXT, UNREADABLE, Refused, body, from_page
from playground.ui.serving.files import ASSETS

AT_ONCE = 2
"""Most scripts that are written at the same time. Others wait."""


def code_routes(drawings: Drawings) -> list[Route]:
    """POST code {"family", "dataset", "knobs"}, as the rail has them, is answered with {"lines": [[place, text], …],
    "script": text, "notebook": text}, or with {"lines", "error": sentence} for an experiment without a script. GET
    code.py and code.ipynb with the query string of a link are answered with the file. Each, for anything else, with
    {"error": sentence}."""
    turn = asyncio.Semaphore(AT_ONCE)

    def of_page(sent: Any) -> dict[str, Any]:
        if not isinstance(sent, dict) or sent.keys() != {"family", "dataset", "knobs"}:
            raise Refused(UNREADABLE)
        experiment = from_page(drawings, *(sent[name] for name in ("family", "dataset", "knobs")))
        found: dict[str, Any] = {"lines": family_lines(experiment)}
        try:
            return found | {"script": script(experiment), "notebook": json.dumps(notebook(experiment), indent=1)}
        except Unwritten as sentence:
            return found | {"error": str(sentence)}

    async def answer(request: Request) -> JSONResponse:
        try:
            sent = await body(request, MAX_TEXT)
            async with turn:
                return JSONResponse(await run_in_threadpool(of_page, sent))
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    async def file(request: Request) -> Response:
        write = FILES.get(kind := request.path_params["kind"])
        if write is None:
            return JSONResponse({"error": "An experiment can be had as py, a script, or as ipynb, a notebook."}, 404)
        try:
            async with turn:
                text = await run_in_threadpool(lambda: write(of_link(dict(request.query_params))))
        except (Refused, Unwritten) as sentence:
            return JSONResponse({"error": str(sentence)}, 400)
        return Response(text, media_type="text/plain" if kind == "py" else "application/json")

    return [
        Route(f"/{ASSETS}/code", answer, methods=["POST"]),
        Route(f"/{ASSETS}/code.{{kind}}", file),
    ]


FILES = {"py": script, "ipynb": lambda experiment: json.dumps(notebook(experiment), indent=1)}


def of_link(query: dict[str, str]) -> Experiment:
    """The experiment of a link. Raises Refused."""
    try:
        found = Experiment.from_query(query)
    except ValidationError as error:
        raise Refused(explain(error)) from None
    if found is None:
        raise Refused("The link names no experiment.")
    return found
