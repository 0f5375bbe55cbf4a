"""Training data in a script, as text: those that no few lines can draw."""

import zlib
from base64 import b64encode
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.export.errors import Unwritten

MOST_TEXT = 2_000_000
"""Most characters of data in a script."""

LEVELS = {
    "{} * np.float32(2 / 16) - 1": 16,  # counts of ink, as digits have them
    "{} * np.float32(2 / 255) - 1": 255,
    "({} / 127.5 - 1).astype(np.float32)": 255,
}
"""How bytes become numbers from −1 to 1, by their largest value."""


class Packed(NamedTuple):
    """Numbers as text. read: the expression that makes a NumPy array of `text`, which stands for TEXT."""

    text: str
    read: str


def packed(numbers: NDArray) -> Packed:
    """An array, exactly: as bytes where it has the levels of an image, else in its own type. Raises Unwritten for one
    that is too large."""
    for formula, top in LEVELS.items() if numbers.dtype == np.float32 else ():
        levels = np.rint((numbers + 1) * (top / 2)).clip(0, top).astype(np.uint8)
        if np.array_equal(eval(formula.format("levels"), {"np": np, "levels": levels}), numbers):
            return _text(levels, formula)
    return _text(numbers, "{}")


def _text(numbers: NDArray, formula: str) -> Packed:
    text = b64encode(zlib.compress(numbers.tobytes(), 9)).decode("ascii")
    if len(text) > MOST_TEXT:
        raise Unwritten(
            f"These data are too large for a script: {len(text) / 1e6:.0f} MB. Choose fewer training points."
        )
    shape = "" if numbers.ndim == 1 else f".reshape(-1, {numbers.shape[1]})"
    read = f"np.frombuffer(zlib.decompress(b64decode(TEXT)), np.{numbers.dtype}){shape}"
    return Packed(text, formula.format(read))
