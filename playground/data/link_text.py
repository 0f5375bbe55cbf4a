"""The compact text that holds a drawing in a link. Its twin in JavaScript is ui/static/pad/drawing.js.

A text has up to five parts, with full stops between them. Empty parts at the end are left out with their stops, so most
texts have one part or two.

1. The points. For points on the canvas: for each in order, its x, then its y: min(4095, ⌊(v + 4) · 512 + ½⌋), which
   decodes to k/512 − 4. Each of these numbers below 4,096 is two characters of the URL-safe base64 alphabet (A–Z, a–z,
   0–9, -, _ stand for 0 … 63), the higher digit first. For points in data coordinates, which are restored exactly: the
   URL-safe base64, without padding, of x and y of each point as little-endian 32-bit floats.
2. Labels below 4, if there are no others: for each run of equal labels, the number label · 1024 + (length − 1), as
   above; a run is as long as possible, but at most 1,024.
3. Any other labels: the same with label · 256 + (length − 1), for runs of at most 256.
4. The origin, if it is not (0, 0): the base64 of x and y as little-endian 64-bit floats.
5. The classes' names, if they have any: the base64 of their UTF-8, one a line.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.data.canvas import HALF
from playground.data.errors import DataError

MAX_LINK_CHARACTERS = 8_000
"""Some browsers and messengers truncate longer links. This is enough for 2,000 drawn points, or 750 uploaded ones,
without labels."""

DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STEPS = 512
"""Grid steps per unit in a link: 4,096 across the canvas, in binary fractions, so that all machines agree."""

FEW, MANY = 1024, 256
"""Longest runs in the two codes of labels: 12 bits hold 4 labels with one, 16 with the other."""

DAMAGED = "The drawing in this link is damaged."


def write(
    points: NDArray[np.float32],
    labels: NDArray[np.int64] | None,
    on_canvas: bool,
    origin: tuple[float, float],
    names: tuple[str, ...] | None,
) -> str | None:
    """The text of a drawing's fields; None if it is too long, or if a drawing is too small for the grid."""
    parts = ["", "", "", "", ""]
    if not on_canvas:
        parts[0] = _to_base64(points.astype("<f4").tobytes())
    else:
        steps = np.minimum(np.floor((points.astype(np.float64) + HALF) * STEPS + 0.5), 4095).astype(np.int64)
        if (steps == steps[0]).all():
            return None
        parts[0] = _write(steps.ravel())
    if labels is not None:
        many = int(labels.max()) >= 4096 // FEW
        parts[2 if many else 1] = _write(_runs(labels, MANY if many else FEW))
    if any(origin):
        parts[3] = _to_base64(np.array(origin, "<f8").tobytes())
    if names is not None:
        parts[4] = _to_base64("\n".join(names).encode())
    text = ".".join(parts).rstrip(".")
    return text if len(text) <= MAX_LINK_CHARACTERS else None


def read(text: str, on_canvas: bool) -> dict[str, Any]:
    """The fields of a drawing that a text holds: points, labels, and, if it has them, origin and names. DataError if
    the text is malformed; the fields' contents are not checked."""
    if len(text) > MAX_LINK_CHARACTERS:
        raise DataError("The drawing in this link is too long.")
    parts = text.split(".")
    if not parts[0] or not parts[-1] or len(parts) > 5:
        raise DataError(DAMAGED)
    first, few, many, origin, names = parts + [""] * (5 - len(parts))
    points = _steps(first) if on_canvas else _floats(first, "<f4")
    found: dict[str, Any] = {"points": points, "labels": _labels(few, many, len(points)), "on_canvas": on_canvas}
    if origin:
        pairs = _floats(origin, "<f8")
        if len(pairs) != 1:
            raise DataError(DAMAGED)
        found["origin"] = pairs[0].tolist()
    if names:
        try:
            found["names"] = _from_base64(names).decode().split("\n")
        except UnicodeDecodeError:
            raise DataError(DAMAGED) from None
    return found


def _steps(text: str) -> NDArray[np.float64]:
    steps = _read(text)
    if len(steps) % 2:
        raise DataError(DAMAGED)
    return steps.reshape(-1, 2) / STEPS - HALF


def _floats(text: str, kind: str) -> NDArray[Any]:
    raw, width = _from_base64(text), np.dtype(kind).itemsize
    if len(raw) % (2 * width):
        raise DataError(DAMAGED)
    return np.frombuffer(raw, kind).reshape(-1, 2)


def _labels(few: str, many: str, n: int) -> NDArray[np.int64] | None:
    """The labels (n,) of the second or the third part; None if both are empty."""
    if few and many:
        raise DataError(DAMAGED)
    if not few and not many:
        return None
    runs, longest = _read(few or many), FEW if few else MANY
    lengths = runs % longest + 1
    if lengths.sum() != n:  # checked before repeating: ten characters could encode thousands
        raise DataError(DAMAGED)
    return np.repeat(runs // longest, lengths)


def _runs(labels: NDArray[np.int64], longest: int) -> NDArray[np.int64]:
    """Run-length code of labels (n,): one number below 4,096 for each run of at most `longest`."""
    starts = np.flatnonzero(np.diff(labels, prepend=-1))
    ends = np.append(starts[1:], len(labels))
    pieces = [
        (labels[start], min(longest, end - at))
        for start, end in zip(starts, ends, strict=True)
        for at in range(start, end, longest)
    ]
    return np.array([label * longest + length - 1 for label, length in pieces])


def _write(numbers: NDArray[np.int64]) -> str:
    digits = np.stack([numbers >> 6, numbers & 63], axis=1)
    return np.frombuffer(DIGITS, np.uint8)[digits].tobytes().decode("ascii")


def _read(text: str) -> NDArray[np.int64]:
    """The numbers of such a text. DataError if it has other characters or an odd length."""
    table = np.full(128, -1)
    table[np.frombuffer(DIGITS, np.uint8)] = np.arange(64)
    if len(text) % 2 or not text.isascii():
        raise DataError(DAMAGED)
    digits = table[np.frombuffer(text.encode("ascii"), np.uint8)]
    if (digits < 0).any():
        raise DataError(DAMAGED)
    return digits[::2] * 64 + digits[1::2]


def _to_base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _from_base64(text: str) -> bytes:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise DataError(DAMAGED) from None
    if _to_base64(raw) != text:  # other characters, or bits beyond the last byte
        raise DataError(DAMAGED)
    return raw
