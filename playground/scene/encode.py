"""Arrays as short strings, for the browser's typed arrays. static/paint/codec.js reads what is written here.

Places are unsigned 16-bit integers over the square (12 kB for 3,000 points, before base64), heat maps 8-bit, arrows
signed 8-bit: a tenth of what JSON numbers would take, and a string crosses Gradio as one piece.
"""

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.data.canvas import HALF

Times = Sequence[float] | np.ndarray

Primitive = dict[str, Any]
"""What the Stage draws: plain data with a `kind` that static/paint/painters/painters.js knows."""


def _text(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def _places(xy: np.ndarray) -> str:
    # A diverging model sends points anywhere: what is no number goes to the middle, what is outside to the edge.
    unit = (np.nan_to_num(xy, nan=0.0) + HALF) / (2 * HALF)
    return _text(np.rint(np.clip(unit, 0, 1) * 65535).astype("<u2"))


def points(
    xy: np.ndarray, colour: str, times: Times = (), labels: np.ndarray | None = None, size: float = 1
) -> Primitive:
    """Points (n, 2), or where they are at each of the times (k, n, 2); optionally a class 0 … 255 for each, and a size
    other than that of one sample among many."""
    layer: Primitive = {
        "kind": "points",
        "colour": colour,
        "n": xy.shape[-2],
        "times": _rounded(times),
        "xy": _places(xy),
    }
    if size != 1:
        layer["size"] = size
    if labels is not None:
        layer["labels"] = _text(labels.astype(np.uint8))
    return layer


def paths(xy: np.ndarray, colour: str, times: Times, size: float = 1, backwards: bool = False) -> Primitive:
    """Paths (k, n, 2): the places of n points at k times. size: how wide, other than one path among many. backwards:
    walked from the last time to the first."""
    layer: Primitive = {
        "kind": "paths",
        "colour": colour,
        "n": xy.shape[1],
        "times": _rounded(times),
        "xy": _places(xy),
    }
    return layer | ({} if size == 1 else {"size": size}) | ({"backwards": True} if backwards else {})


def arrows(uv: np.ndarray, colour: str, times: Times = ()) -> Primitive:
    """Vectors on an n × n grid of cell centres, (n, n, 2) or (k, n, n, 2), first index up, second to the right."""
    uv = np.nan_to_num(uv)
    longest = float(np.abs(uv).max()) or 1.0
    small = np.rint(uv / longest * 127).astype(np.int8)
    return {
        "kind": "arrows",
        "colour": colour,
        "n": uv.shape[-2],
        "times": _rounded(times),
        "longest": longest,
        "uv": _text(small),
    }


def heat(
    values: np.ndarray,
    times: Times = (),
    middle: float | None = None,
    colour: str = "data",
    span: tuple[float, float] | None = None,
) -> Primitive:
    """A map of n × n values, (n, n) or (k, n, n), first index up, second to the right.

    middle: a value on whose two sides the colours differ, and along which a line is drawn. span: the values that are
    clear and full, else the least and the greatest.
    """
    values = np.nan_to_num(values).astype(np.float64)  # from the least to the greatest float32 is no float32
    low, high = span or (float(values.min()), float(values.max()))
    small = np.rint(np.clip((values - low) / ((high - low) or 1.0), 0, 1) * 255).astype(np.uint8)
    return {
        "kind": "heat",
        "colour": colour,
        "n": values.shape[-1],
        "times": _rounded(times),
        "low": low,
        "high": high,
        "values": _text(small),
    } | ({} if middle is None else {"middle": middle})


def rays(start: np.ndarray, end: np.ndarray, colour: str, times: Times = (), heads: bool = True) -> Primitive:
    """Straight lines from start to end, both (n, 2) or (k, n, 2), with or without arrow heads."""
    return {
        "kind": "rays",
        "colour": colour,
        "n": start.shape[-2],
        "times": _rounded(times),
        "xy": _places(start),
        "to": _places(end),
        "heads": heads,
    }


def ellipses(centres: np.ndarray, axes: np.ndarray, colour: str, labels: np.ndarray | None = None) -> Primitive:
    """Ellipses: centres (n, 2), and the ends of two conjugate half-axes relative to them, axes (n, 2, 2): the image of
    the unit circle under the matrix whose columns are axes[i, 0] and axes[i, 1]. True to scale."""
    # Either end of an axis will do: the one that lies farther inside, where places can be written.
    inwards = np.abs(centres[:, None] + axes).max(-1) <= np.abs(centres[:, None] - axes).max(-1)
    axes = np.where(inwards[..., None], axes, -axes)
    layer: Primitive = {
        "kind": "ellipses",
        "colour": colour,
        "n": len(centres),
        "times": [],
        "xy": _places(centres),
        "first": _places(centres + axes[:, 0]),
        "second": _places(centres + axes[:, 1]),
    }
    if labels is not None:
        layer["labels"] = _text(labels.astype(np.uint8))
    return layer


def mesh(vertices: np.ndarray, opacity: np.ndarray, colour: str) -> Primitive:
    """A warped grid: vertices (m, m, 2), and the opacity 0 … 1 of each of its cells, (m − 1, m − 1)."""
    return {
        "kind": "mesh",
        "colour": colour,
        "n": vertices.shape[0],
        "times": [],
        "xy": _places(vertices.reshape(-1, 2)),
        "opacity": _text(np.rint(np.clip(np.nan_to_num(opacity), 0, 1) * 255).astype(np.uint8)),
    }


def marks(xy: np.ndarray, texts: Sequence[str], colour: str, times: Times = ()) -> Primitive:
    """Words at places (n, 2) or (k, n, 2), each over a small ring. The words are ours, never a visitor's."""
    layer: Primitive = {
        "kind": "marks",
        "colour": colour,
        "n": xy.shape[-2],
        "times": _rounded(times),
        "xy": _places(xy),
    }
    return layer | {"texts": list(texts)}


def tiles(
    images: np.ndarray,
    xy: np.ndarray,
    side: float,
    colour: str = "ink",
    times: Times = (),
    low: float = -1,
    high: float = 1,
    framed: bool = False,
) -> Primitive:
    """Small images of one colour (n, h, w), rows from above, or (k, n, h, w) at each of the times; centred at places
    (n, 2) of the square, each `side` wide. low, high: the values that are blank and ink. framed: whether each lies on
    a sheet of its own, upon whatever is behind it."""
    small = np.rint(np.clip((np.nan_to_num(images) - low) / (high - low), 0, 1) * 255).astype(np.uint8)
    return {
        "kind": "tiles",
        "colour": colour,
        "n": images.shape[-3],
        "height": images.shape[-2],
        "width": images.shape[-1],
        "side": side,
        "framed": framed,
        "times": _rounded(times),
        "xy": _places(xy),
        "values": _text(small),
    }


def finite(scalars: dict[str, float]) -> dict[str, float]:
    """Scalars as JSON may hold them: rounded, and without those that are no number."""
    return {name: round(value, 5) for name, value in scalars.items() if math.isfinite(value)}


def _rounded(times: Times) -> list[float]:
    return [round(float(t), 4) for t in times]
