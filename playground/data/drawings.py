"""Points that a visitor drew or uploaded, and the compact text that encodes a drawing in a link."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from itertools import chain
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PlainSerializer, PlainValidator, ValidationError, WithJsonSchema, model_validator

from playground.config import Config
from playground.data.canvas import HALF, Normalizer
from playground.data.distributions import Empirical
from playground.data.errors import DataError, invalid

MAX_POINTS = 20_000
MAX_COORDINATE = 1e6
MAX_CLASSES = 4
MAX_LINK_CHARACTERS = 8_000
"""Some browsers and messengers truncate longer links. This is enough for 2,000 drawn points, or 750 uploaded ones,
without labels."""

DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STEPS = 512
"""Grid steps per unit in a link: 4,096 across the canvas, in binary fractions, so that all machines agree."""


def _points(given: Any) -> NDArray[np.float32]:
    """Points (n, 2) as a read-only float32 array: the precision of training, which JSON restores exactly.

    Takes an array or a list of pairs of numbers. Sizes and types are checked before any conversion.
    """
    pairs = invalid("Points must be pairs of numbers.")
    if isinstance(given, np.ndarray):
        if given.ndim != 2 or given.shape[1] != 2 or given.dtype.kind not in "fiu":
            raise pairs
    elif not isinstance(given, list | tuple):
        raise pairs
    if len(given) > MAX_POINTS:
        raise invalid(f"That is {len(given):,} points; at most {MAX_POINTS:,} are possible.")
    if isinstance(given, np.ndarray):
        wide = given.astype(np.float64)
    else:
        shaped = all(isinstance(row, list | tuple) and len(row) == 2 for row in given)
        if not shaped or not _are(list(chain.from_iterable(given)), int | float | np.integer | np.floating):
            raise pairs
        try:
            wide = np.array(given, dtype=np.float64).reshape(-1, 2)
        except OverflowError:  # an integer of 400 digits
            raise invalid(f"Coordinates must lie within ±{MAX_COORDINATE:,.0f}.") from None
    if not np.isfinite(wide).all():
        raise invalid("Coordinates must be finite numbers.")
    if (np.abs(wide) > MAX_COORDINATE).any():
        raise invalid(f"Coordinates must lie within ±{MAX_COORDINATE:,.0f}.")
    points = wide.astype(np.float32)
    if len(points) < 2 or (points == points[0]).all():
        raise invalid("Draw at least two points in different places.")
    points.flags.writeable = False
    return points


def _labels(given: Any) -> NDArray[np.int64] | None:
    """Labels (n,) in 0 … 3 as a read-only array, from an array or a list of integers; None if there are none."""
    if given is None:
        return None
    wrong = invalid(f"Classes must be whole numbers from 0 to {MAX_CLASSES - 1}.")
    if isinstance(given, np.ndarray):
        if given.ndim != 1 or given.dtype.kind not in "iu":
            raise wrong
    elif not isinstance(given, list | tuple) or not _are(given[: MAX_POINTS + 1], int | np.integer):
        raise wrong
    if len(given) > MAX_POINTS:
        raise invalid("Every point needs exactly one class.")
    if not all(0 <= value < MAX_CLASSES for value in set(given if isinstance(given, Sequence) else np.unique(given))):
        raise wrong
    labels = np.array(given, dtype=np.int64)
    labels.flags.writeable = False
    return labels


def _are(values: Sequence[Any], kinds: Any) -> bool:
    """Whether all values have one of these types; booleans don't count as integers."""
    return all(issubclass(kind, kinds) and kind is not bool for kind in set(map(type, values)))


def _to_lists(points: NDArray[np.float32]) -> list[list[float]]:
    """Points for JSON: each coordinate is the shortest decimal number that float32 restores."""
    return points.astype(str).astype(np.float64).tolist()


Points = Annotated[
    np.ndarray,
    PlainValidator(_points),
    PlainSerializer(_to_lists, when_used="json"),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "array", "items": {"type": "number"}}, "maxItems": MAX_POINTS},
                {"type": "string", "maxLength": MAX_LINK_CHARACTERS},
            ]
        }
    ),
]
PointLabels = Annotated[
    np.ndarray | None,
    PlainValidator(_labels),
    PlainSerializer(lambda labels: None if labels is None else labels.tolist(), when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]}),
]


class Drawing(Config):
    """Points in the order in which they were drawn. Raises pydantic.ValidationError with a message for the visitor.

    points: float32 (n, 2), read-only, 2 ≤ n ≤ MAX_POINTS, not all equal; from an array, a list of pairs, or a link's
        text, which includes the labels.
    labels: int64 (n,) in 0 … 3, read-only, or None for a single class.
    on_canvas: whether the points are in canvas coordinates, drawn on the pad. Otherwise they are in data coordinates.
    """

    points: Points
    labels: PointLabels = None
    on_canvas: bool = Field(default=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _from_link(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(text := given.get("points"), str):
            on_canvas = given.get("on_canvas", True)
            if given.keys() - {"points", "on_canvas"} or not isinstance(on_canvas, bool):
                raise invalid("A link's points bring their own classes.")
            try:
                points, labels = _decode(text, on_canvas)
            except DataError as error:
                raise invalid(str(error)) from None
            return {"points": points, "labels": labels, "on_canvas": on_canvas}
        return given

    @model_validator(mode="after")
    def _fit_together(self) -> "Drawing":
        if self.labels is not None and len(self.labels) != len(self.points):
            raise invalid("Every point needs exactly one class.")
        if self.on_canvas and (np.abs(self.points) > HALF).any():
            raise invalid(f"A drawing must lie on the canvas, from −{HALF:.0f} to {HALF:.0f}.")
        return self

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Drawing)
            and self.on_canvas == other.on_canvas
            and np.array_equal(self.points, other.points)
            and (self.labels is None) == (other.labels is None)
            and (self.labels is None or np.array_equal(self.labels, other.labels))  # type: ignore[arg-type]
        )

    def __hash__(self) -> int:
        return hash((self.on_canvas, (self.points + 0).tobytes()))  # + 0: −0 equals 0 and must have the same hash

    @property
    def title(self) -> str:
        """The title that a visitor sees."""
        return "Your drawing" if self.on_canvas else "Your points"

    @property
    def distribution(self) -> Empirical:
        """The points themselves, drawn with replacement."""
        return Empirical(self.points, self.labels)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one datum, a point of the plane."""
        return Empirical.shape

    @property
    def normalizer(self) -> Normalizer:
        """The transform from the points' coordinates to canvas coordinates."""
        return Normalizer.identity if self.on_canvas else Normalizer.around(self.points)

    @property
    def size(self) -> int:
        """The number of points."""
        return len(self.points)

    def training_points(self, n: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The training set: these points, in data coordinates, and their classes; n and seed are ignored."""
        return self.points, self.distribution.labels

    def encode(self) -> str | None:
        """The points as text for a link; None if it is too long, or if a drawing is too small for the grid.

        The text of a drawing consists of numbers below 4,096, each as two characters of the URL-safe base64 alphabet
        (A–Z, a–z, 0–9, -, _ stand for 0 … 63), the higher digit first:

        - for each point in order, its x, then its y: min(4095, ⌊(v + 4) · 512 + ½⌋), which decodes to k/512 − 4;
        - then, if there are labels, a full stop and, for each run of equal labels, label · 1024 + (length − 1); a run
          is as long as possible, but at most 1,024.

        Points in data coordinates are restored exactly: in place of the first part stands the URL-safe base64, without
        padding, of x and y of each point as little-endian 32-bit floats.
        """
        if not self.on_canvas:
            text = urlsafe_b64encode(self.points.astype("<f4").tobytes()).decode("ascii").rstrip("=")
        else:
            steps = np.minimum(np.floor((self.points.astype(np.float64) + HALF) * STEPS + 0.5), 4095).astype(np.int64)
            if (steps == steps[0]).all():
                return None
            text = _write(steps.ravel())
        if self.labels is not None:
            text += "." + _write(_runs(self.labels))
        return text if len(text) <= MAX_LINK_CHARACTERS else None

    @classmethod
    def decode(cls, text: str, on_canvas: bool = True) -> "Drawing":
        """The drawing that :meth:`encode` wrote. DataError, a ValueError, for any other text."""
        points, labels = _decode(text, on_canvas)
        try:
            return cls(points=points, labels=labels, on_canvas=on_canvas)
        except ValidationError as error:
            raise DataError(error.errors()[0]["msg"]) from None


DAMAGED = "The drawing in this link is damaged."


def _decode(text: str, on_canvas: bool) -> tuple[NDArray[Any], NDArray[np.int64] | None]:
    """Points (n, 2) and labels (n,) of a link's text; DataError if it is malformed."""
    if len(text) > MAX_LINK_CHARACTERS:
        raise DataError("The drawing in this link is too long.")
    first, dot, second = text.partition(".")
    points, runs = (_read_steps if on_canvas else _read_floats)(first), _read(second)
    if runs is None or not len(points) or bool(dot) != bool(len(runs)):
        raise DataError(DAMAGED)
    lengths = runs % 1024 + 1
    if not dot:
        return points, None
    if lengths.sum() != len(points):  # checked before repeating: ten characters could encode thousands
        raise DataError(DAMAGED)
    return points, np.repeat(runs // 1024, lengths)


def _read_steps(text: str) -> NDArray[np.float64]:
    steps = _read(text)
    if steps is None or len(steps) % 2:
        raise DataError(DAMAGED)
    return steps.reshape(-1, 2) / STEPS - HALF


def _read_floats(text: str) -> NDArray[np.float32]:
    try:
        read = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        written = urlsafe_b64encode(read).decode("ascii").rstrip("=")
    except ValueError:
        raise DataError(DAMAGED) from None
    if len(read) % 8 or written != text:  # other characters, or bits beyond the last point
        raise DataError(DAMAGED)
    return np.frombuffer(read, "<f4").reshape(-1, 2)


def _runs(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Run-length code of labels (n,): one number below 4,096 for each run of at most 1,024."""
    starts = np.flatnonzero(np.diff(labels, prepend=-1))
    ends = np.append(starts[1:], len(labels))
    pieces = [
        (labels[start], min(1024, end - at))
        for start, end in zip(starts, ends, strict=True)
        for at in range(start, end, 1024)
    ]
    return np.array([label * 1024 + length - 1 for label, length in pieces])


def _write(numbers: NDArray[np.int64]) -> str:
    digits = np.stack([numbers >> 6, numbers & 63], axis=1)
    return np.frombuffer(DIGITS, np.uint8)[digits].tobytes().decode("ascii")


def _read(text: str) -> NDArray[np.int64] | None:
    """The numbers of such a text, or None if it has other characters or an odd length."""
    table = np.full(128, -1)
    table[np.frombuffer(DIGITS, np.uint8)] = np.arange(64)
    if len(text) % 2 or not text.isascii():
        return None
    digits = table[np.frombuffer(text.encode("ascii"), np.uint8)]
    return None if (digits < 0).any() else digits[::2] * 64 + digits[1::2]
