"""Arrays as short strings, for the browser's typed arrays. static/paint/codec.js decodes them.

Positions are unsigned 16-bit integers over the canvas (12 kB for 3,000 points, before base64), heat maps are unsigned
8-bit and arrows signed 8-bit. This is a tenth of the size of JSON numbers, and Gradio passes a string as one piece.
"""

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.data.canvas import HALF

Times = Sequence[float] | np.ndarray

Primitive = dict[str, Any]
"""What the Stage draws: plain data with a `type` that static/paint/painters/painters.js knows."""


def _text(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def _places(xy: np.ndarray) -> str:
    # A diverging model sends points anywhere. NaN goes to the centre; values outside the canvas go to its edge.
    unit = (np.nan_to_num(xy, nan=0.0) + HALF) / (2 * HALF)
    return _text(np.rint(np.clip(unit, 0, 1) * 65535).astype("<u2"))


def points(
    xy: np.ndarray, colour: str, times: Times = (), labels: np.ndarray | None = None, size: float = 1
) -> Primitive:
    """Points (n, 2), or their positions at each of k times (k, n, 2). labels: optionally a class 0 … 255 for each
    point. size: relative to that of a sample."""
    layer: Primitive = {
        "type": "points",
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
    """Paths (k, n, 2): the positions of n points at k times. size: the width, relative to that of a sample's path.
    backwards: traversed from the last time to the first."""
    layer: Primitive = {
        "type": "paths",
        "colour": colour,
        "n": xy.shape[1],
        "times": _rounded(times),
        "xy": _places(xy),
    }
    return layer | ({} if size == 1 else {"size": size}) | ({"backwards": True} if backwards else {})


def arrows(uv: np.ndarray, colour: str, times: Times = (), longest: float | None = None) -> Primitive:
    """Vectors on an n × n grid of cell centres, (n, n, 2) or (k, n, n, 2); the first index is y, the second x.

    longest: the length of the longest arrow; longer vectors are shortened. By default, the largest component."""
    uv = np.nan_to_num(uv)
    if longest is None:
        longest = float(np.abs(uv).max()) or 1.0
    else:
        uv = uv * np.minimum(1, longest / np.maximum(np.linalg.norm(uv, axis=-1, keepdims=True), 1e-12))
    small = np.rint(uv / longest * 127).astype(np.int8)
    return {
        "type": "arrows",
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
    span: tuple[float, float] | None = None,
    bar: Primitive | None = None,
) -> Primitive:
    """A heat map of n × n values, (n, n) or (k, n, n); the first index is y, the second x. It lies under points, and
    its colours are none of theirs.

    middle: the value that separates two colours, "real" above and "fake" below; its contour line is drawn. span: the
    values that are transparent and opaque, by default the minimum and the maximum. bar: its colour bar, see `bar`.
    """
    values = np.nan_to_num(values).astype(np.float64)  # the range of float32 values overflows float32
    low, high = span or (float(values.min()), float(values.max()))
    small = np.rint(np.clip((values - low) / ((high - low) or 1.0), 0, 1) * 255).astype(np.uint8)
    layer: Primitive = {
        "type": "heat",
        "colour": "map",
        "n": values.shape[-1],
        "times": _rounded(times),
        "low": low,
        "high": high,
        "values": _text(small),
    }
    if middle is not None:
        layer |= {"middle": middle, "colour": "real", "below": "fake"}
    return layer | ({} if bar is None else {"bar": bar})


def bar(title: str, low: float | np.ndarray, high: float | np.ndarray, words: tuple[str, str] = ("", "")) -> Primitive:
    """The colour bar of a heat map: what it shows, the numbers of its two ends, each the same at all times or one for
    each, (k,), and a word for each end."""
    ends = {"low": _number(low), "high": _number(high)}
    return {"title": title, **ends, **({"words": list(words)} if any(words) else {})}


def rays(
    start: np.ndarray,
    end: np.ndarray,
    colour: str,
    times: Times = (),
    heads: bool = True,
    opacity: np.ndarray | None = None,
    size: float = 1,
    ends: float | None = None,
) -> Primitive:
    """Straight lines from start to end, both (n, 2) or (k, n, 2), with or without arrowheads. opacity: optionally
    0 … 1 for each line, (n,) or (k, n). size: the width, relative to the usual. ends: the time at which the ends lie,
    if it isn't that of the starts; a journey shows the difference."""
    layer: Primitive = {
        "type": "rays",
        "colour": colour,
        "n": start.shape[-2],
        "times": _rounded(times),
        "xy": _places(start),
        "to": _places(end),
        "heads": heads,
    }
    if opacity is not None:
        layer["opacity"] = _text(np.rint(np.clip(np.nan_to_num(opacity), 0, 1) * 255).astype(np.uint8))
    return layer | ({} if size == 1 else {"size": size}) | ({} if ends is None else {"ends": ends})


def ellipses(centres: np.ndarray, axes: np.ndarray, colour: str, labels: np.ndarray | None = None) -> Primitive:
    """Ellipses with centres (n, 2) and two conjugate half-axes relative to them, axes (n, 2, 2). Each is the image of
    the unit circle under the matrix with columns axes[i, 0] and axes[i, 1]. True to scale."""
    # Either end of an axis defines the ellipse. The one farther inside the canvas is used, where it can be encoded.
    inwards = np.abs(centres[:, None] + axes).max(-1) <= np.abs(centres[:, None] - axes).max(-1)
    axes = np.where(inwards[..., None], axes, -axes)
    layer: Primitive = {
        "type": "ellipses",
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
    """A warped grid: vertices (m, m, 2), and an opacity 0 … 1 for each cell, (m − 1, m − 1)."""
    return {
        "type": "mesh",
        "colour": colour,
        "n": vertices.shape[0],
        "times": [],
        "xy": _places(vertices.reshape(-1, 2)),
        "opacity": _text(np.rint(np.clip(np.nan_to_num(opacity), 0, 1) * 255).astype(np.uint8)),
    }


def marks(xy: np.ndarray, texts: Sequence[str], colour: str, times: Times = ()) -> Primitive:
    """Texts at positions (n, 2) or (k, n, 2), each over a small ring. The texts never come from a visitor."""
    layer: Primitive = {
        "type": "marks",
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
    """Small images, (n, h, w) with the top row first, or (n, h, w, 3) with red, green and blue; at k times, k of them,
    (k, n, …). They are centred at positions (n, 2) on the canvas, each `side` wide.

    low, high: the values that are blank and full ink, in `colour`; or black and full red, green or blue, where `colour`
    is that of the image's edge. framed: whether each has an opaque background, and an edge."""
    height, width, *channels = images.shape[2 if len(times) else 1 :]
    small = np.rint(np.clip((np.nan_to_num(images) - low) / (high - low), 0, 1) * 255).astype(np.uint8)
    return {
        "type": "tiles",
        "colour": colour,
        "n": len(xy),
        "height": height,
        "width": width,
        "channels": channels[0] if channels else 1,
        "side": side,
        "framed": framed,
        "times": _rounded(times),
        "xy": _places(xy),
        "values": _text(small),
    }


def finite(scalars: dict[str, float]) -> dict[str, float]:
    """Scalars that JSON can hold: rounded, without NaN and infinities."""
    return {name: round(value, 5) for name, value in scalars.items() if math.isfinite(value)}


def _number(value: float | np.ndarray) -> float | list[float]:
    """Three significant digits of a number, or of each of several; 0 for what is not finite."""
    rounded = [float(f"{v:.3g}") for v in np.nan_to_num(np.atleast_1d(value), posinf=0, neginf=0).tolist()]
    return rounded if np.ndim(value) else rounded[0]


def _rounded(times: Times) -> list[float]:
    return [round(float(t), 4) for t in times]
