"""Points that a visitor drew or uploaded."""

from collections.abc import Sequence
from itertools import chain
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PlainSerializer, PlainValidator, ValidationError, WithJsonSchema, model_validator

from playground.config import Config
from playground.data import link_text
from playground.data.canvas import HALF, Normalizer
from playground.data.distributions import Empirical
from playground.data.errors import DataError, invalid

MAX_POINTS = 20_000
MAX_COORDINATE = 1e9
"""Double precision, in which points are read, is there finer than a millionth: enough for those of a map in metres."""
MAX_CLASSES = 10
MAX_NAME = 24
"""Maximum number of characters of a class's name."""

LOST = 1e-4
"""Rounding to single precision may move points by this share of their spread; beyond it they get an origin."""


def _points(given: Any) -> NDArray[np.float32]:
    """Points (n, 2) as a read-only float32 array: the precision of training, which JSON restores exactly."""
    points = _exact(given).astype(np.float32)
    if len(points) < 2 or (points == points[0]).all():
        raise invalid("Draw at least two points in different places.")
    points.flags.writeable = False
    return points


def _exact(given: Any) -> NDArray[np.float64]:
    """Points (n, 2) within ±MAX_COORDINATE, from an array or a list of pairs of numbers. Sizes and types are checked
    before any conversion."""
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
    return wide


def _origin_for(points: NDArray[np.float64]) -> tuple[float, float]:
    """The middle of points (n, 2) that single precision would distort; (0, 0) for all others."""
    if not len(points):
        return (0.0, 0.0)
    low, high = points.min(axis=0), points.max(axis=0)
    moved = np.abs(points.astype(np.float32) - points).max()
    x, y = (low + high) / 2 if moved > LOST * (high - low).max() else (0.0, 0.0)
    return float(x), float(y)


def _origin(given: Any) -> tuple[float, float]:
    wrong = invalid(f"The origin must be two numbers within ±{MAX_COORDINATE:,.0f}.")
    if not isinstance(given, list | tuple) or len(given) != 2 or not _are(given, int | float | np.floating):
        raise wrong
    if not all(abs(value) <= MAX_COORDINATE for value in given):  # false for NaN
        raise wrong
    return float(given[0]) + 0, float(given[1]) + 0  # + 0: −0 becomes 0


def _names(given: Any) -> tuple[str, ...] | None:
    if given is None:
        return None
    if not isinstance(given, list | tuple) or not 1 <= len(given) <= MAX_CLASSES or not _are(given, str):
        raise invalid(f"The classes' names must be a list of at most {MAX_CLASSES} texts.")
    if not all(name.strip() and len(name) <= MAX_NAME and name.isprintable() for name in given):
        raise invalid(f"A class's name has 1 to {MAX_NAME} printable characters.")
    return tuple(given)


def _labels(given: Any) -> NDArray[np.int64] | None:
    """Labels (n,) in 0 … 9 as a read-only array, from an array or a list of integers; None if there are none."""
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
                {"type": "string", "maxLength": link_text.MAX_LINK_CHARACTERS},
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


Origin = Annotated[
    tuple[float, float],
    PlainValidator(_origin),
    PlainSerializer(list, when_used="json"),
    WithJsonSchema({"type": ["array", "null"], "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]
Names = Annotated[
    tuple[str, ...] | None,
    PlainValidator(_names),
    PlainSerializer(list, when_used="json"),
    WithJsonSchema(
        {
            "type": ["array", "null"],
            "items": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
            "maxItems": MAX_CLASSES,
        }
    ),
]


class Drawing(Config):
    """Points in the order in which they were drawn. Raises pydantic.ValidationError with a message for the visitor.

    points: float32 (n, 2), read-only, 2 ≤ n ≤ MAX_POINTS, not all equal; from an array, a list of pairs, or a link's
        text, which includes the labels, the origin and the names.
    labels: int64 (n,) in 0 … 9, read-only, or None for a single class.
    on_canvas: whether the points are in canvas coordinates, drawn on the pad. Otherwise they are in data coordinates.
    origin: where in data coordinates the points' (0, 0) lies, in double precision; (0, 0) on the canvas. None: the
        points are given from (0, 0), and get an origin in their middle if single precision would distort them.
    names: the classes' names, the i-th that of label i, each of 1 … MAX_NAME characters; or None.

    JSON leaves out an origin of (0, 0) and names of None.
    """

    points: Points
    labels: PointLabels = None
    on_canvas: bool = Field(default=True, strict=True)
    origin: Origin = Field(default=(0.0, 0.0), exclude_if=lambda origin: not any(origin))
    names: Names = Field(default=None, exclude_if=lambda names: names is None)

    @model_validator(mode="before")
    @classmethod
    def _from_link(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(text := given.get("points"), str):
            on_canvas = given.get("on_canvas", True)
            if given.keys() - {"points", "on_canvas"} or not isinstance(on_canvas, bool):
                raise invalid("A link's points bring their own classes.")
            try:
                return link_text.read(text, on_canvas)
            except DataError as error:
                raise invalid(str(error)) from None
        return given

    @model_validator(mode="before")
    @classmethod
    def _find_origin(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("origin", ()) is None:
            points = _exact(given.get("points"))
            origin = _origin_for(points)
            return given | {"points": points - origin, "origin": origin}
        return given

    @model_validator(mode="after")
    def _fit_together(self) -> "Drawing":
        if self.labels is not None and len(self.labels) != len(self.points):
            raise invalid("Every point needs exactly one class.")
        if self.names is not None and (self.labels is None or len(self.names) <= self.labels.max()):
            raise invalid("Every class needs a name, or none has one.")
        if self.on_canvas and (any(self.origin) or (np.abs(self.points) > HALF).any()):
            raise invalid(f"A drawing must lie on the canvas, from −{HALF:.0f} to {HALF:.0f}.")
        return self

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Drawing)
            and (self.on_canvas, self.origin, self.names) == (other.on_canvas, other.origin, other.names)
            and np.array_equal(self.points, other.points)
            and (self.labels is None) == (other.labels is None)
            and (self.labels is None or np.array_equal(self.labels, other.labels))  # type: ignore[arg-type]
        )

    def __hash__(self) -> int:
        # + 0: −0 equals 0 and must have the same hash
        return hash((self.on_canvas, self.origin, (self.points + 0).tobytes()))

    @property
    def title(self) -> str:
        """The title that a visitor sees."""
        return "Your drawing" if self.on_canvas else "Your points"

    @property
    def places(self) -> NDArray[np.floating]:
        """The points (n, 2) in data coordinates: float32, or float64 if they have an origin."""
        return self.points.astype(np.float64) + self.origin if any(self.origin) else self.points

    @property
    def distribution(self) -> Empirical:
        """The points themselves, drawn with replacement."""
        found = Empirical(self.places, self.labels)
        found.class_names = self.names
        return found

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one datum, a point of the plane."""
        return Empirical.shape

    @property
    def normalizer(self) -> Normalizer:
        """The transform from data coordinates to canvas coordinates."""
        return Normalizer.identity if self.on_canvas else Normalizer.around(self.places)

    @property
    def size(self) -> int:
        """The number of points."""
        return len(self.points)

    def training_points(self, n: int, seed: int) -> tuple[NDArray[np.floating], NDArray[np.int64]]:
        """The training set: these points, in data coordinates, and their classes; n and seed are ignored."""
        return self.places, self.distribution.labels

    def encode(self) -> str | None:
        """The drawing as text for a link (:mod:`playground.data.link_text`); None if it is too long, or if a drawing is
        too small for the grid."""
        return link_text.write(self.points, self.labels, self.on_canvas, self.origin, self.names)

    @classmethod
    def decode(cls, text: str, on_canvas: bool = True) -> "Drawing":
        """The drawing that :meth:`encode` wrote. DataError, a ValueError, for any other text."""
        try:
            return cls.model_validate({"points": text, "on_canvas": on_canvas})
        except ValidationError as error:
            raise DataError(error.errors()[0]["msg"]) from None
