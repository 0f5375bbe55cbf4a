"""Arrays as short strings, for the browser's typed arrays. static/codec.js reads what is written here.

Places are unsigned 16-bit integers over the square (12 kB for 3,000 points, before base64), heat maps 8-bit, arrows
signed 8-bit: a tenth of what JSON numbers would take, and a string crosses Gradio as one piece.
"""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.data.square import HALF

Times = Sequence[float] | np.ndarray

Layer = dict[str, Any]
"""What the Stage draws: plain data with a `kind` that static/layers.js knows."""


def _text(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def _places(xy: np.ndarray) -> str:
    # A diverging model sends points anywhere: what is no number goes to the middle, what is outside to the edge.
    unit = (np.nan_to_num(xy, nan=0.0) + HALF) / (2 * HALF)
    return _text(np.rint(np.clip(unit, 0, 1) * 65535).astype("<u2"))


def points(xy: np.ndarray, colour: str, times: Times = (), labels: np.ndarray | None = None) -> Layer:
    """Points (n, 2), or where they are at each of the times (k, n, 2); optionally a class 0 … 255 for each."""
    layer: Layer = {"kind": "points", "colour": colour, "n": xy.shape[-2], "times": _rounded(times), "xy": _places(xy)}
    if labels is not None:
        layer["labels"] = _text(labels.astype(np.uint8))
    return layer


def paths(xy: np.ndarray, colour: str, times: Times) -> Layer:
    """Paths (k, n, 2): the places of n points at k times."""
    return {"kind": "paths", "colour": colour, "n": xy.shape[1], "times": _rounded(times), "xy": _places(xy)}


def arrows(uv: np.ndarray, colour: str, times: Times = ()) -> Layer:
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


def heat(values: np.ndarray, times: Times = ()) -> Layer:
    """A map of n × n values, (n, n) or (k, n, n), first index up, second to the right."""
    values = np.nan_to_num(values).astype(np.float64)  # from the least to the greatest float32 is no float32
    low, high = float(values.min()), float(values.max())
    small = np.rint((values - low) / ((high - low) or 1.0) * 255).astype(np.uint8)
    return {
        "kind": "heat",
        "n": values.shape[-1],
        "times": _rounded(times),
        "low": low,
        "high": high,
        "values": _text(small),
    }


def _rounded(times: Times) -> list[float]:
    return [round(float(t), 4) for t in times]
