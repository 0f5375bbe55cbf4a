"""The route for the images of a data set, some of each class, which the data rail shows. It bypasses Gradio's queue."""

from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground.data.kinds import kind_of
from playground.scene import encode
from playground.ui.drawings import Drawings
from playground.ui.requests import MAX_TEXT, UNREADABLE, Refused, body, dataset
from playground.ui.serving.files import ASSETS
from playground.views.common.images import tile_places

COLUMNS = 8
"""Images in a row."""

ROWS = 4
"""Rows of a set without classes."""

LOOKED_AT = 512
"""Images of an unlimited set among which those of each class are found."""


def gallery_route(drawings: Drawings) -> Route:
    """POST {"dataset"} is answered with {"rows": [{"name": of the class, or "", "tiles": its images}, …], "classes",
    "names": of the classes, or null}, or with {"error": sentence}. A set of points has no rows."""

    def found(sent: Any) -> dict[str, Any]:
        if not isinstance(sent, dict) or sent.keys() != {"dataset"}:
            raise Refused(UNREADABLE)
        return gallery(dataset(drawings, sent["dataset"]))

    async def answer(request: Request) -> JSONResponse:
        try:
            return JSONResponse(await run_in_threadpool(found, await body(request, MAX_TEXT)))
        except Refused as sentence:
            return JSONResponse({"error": str(sentence)})

    return Route(f"/{ASSETS}/gallery", answer, methods=["POST"])


def gallery(chosen: Any) -> dict[str, Any]:
    """The first images that models learn from, in rows: one for each class."""
    known = chosen.distribution
    told = {"rows": [], "classes": known.classes, "names": known.class_names}
    if kind_of(chosen.shape) != "images":
        return told
    images, labels = chosen.training_points(LOOKED_AT, seed=0)
    order = np.random.default_rng(0).permutation(len(images))
    if known.classes > 1:
        rows = [order[labels[order] == label][:COLUMNS] for label in range(known.classes)]
        names = known.class_names or [f"class {label}" for label in range(known.classes)]
    else:
        rows = np.split(order[: ROWS * COLUMNS], range(COLUMNS, min(ROWS * COLUMNS, len(order)), COLUMNS))
        names = [""] * len(rows)
    xy, side = tile_places(1, COLUMNS)
    drawn = [encode.tiles(images[row].reshape(-1, *chosen.shape), xy[: len(row)], side, "data") for row in rows]
    return told | {"rows": [{"name": n, "tiles": tiles} for n, tiles in zip(names, drawn, strict=True)]}
