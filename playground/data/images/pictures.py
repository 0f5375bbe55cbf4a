"""Images that somebody brought along: a visitor's pictures, or an array."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field as PydanticField
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from playground.config import Config
from playground.data.canvas import Normalizer
from playground.data.distributions import Array, Finite, Labels
from playground.data.drawings import Names, PointLabels
from playground.data.errors import invalid

FEWEST = 20
MOST_BYTES = 8_000_000
"""Maximum size: 10,000 grey images of 28 × 28 pixels, a byte each."""

SIDES = (4, 32)
"""The range of heights and widths."""

FIFTH = 5
"""One image of so many is held out."""

Bytes = NDArray[np.uint8]


def _images(given: Any) -> Bytes:
    """Images (n, h, w) or (n, h, w, 3) as a read-only array of bytes. Sizes and types are checked before any
    conversion."""
    array = _decoded(given) if isinstance(given, Mapping) else given
    if not isinstance(array, np.ndarray) or array.ndim not in (3, 4) or array.shape[3:] not in ((), (3,)):
        raise invalid("Images must be an array of shape (n, height, width), or (n, height, width, 3) in colour.")
    n, *sides = array.shape[:3]
    if not all(SIDES[0] <= side <= SIDES[1] for side in sides):
        raise invalid(f"Images must be {SIDES[0]} to {SIDES[1]} pixels high and wide.")
    if n < FEWEST:
        raise invalid(f"There are {n} images; at least {FEWEST} are needed.")
    if array.size > MOST_BYTES:
        raise invalid(f"That is {array.size:,} pixels in all; at most {MOST_BYTES:,} are possible.")
    images = array.copy() if array.dtype == np.uint8 else _rounded(array)
    if (images == images[0]).all():
        raise invalid("The images are all the same.")
    images.flags.writeable = False
    return images


def _rounded(array: NDArray[Any]) -> Bytes:
    """Numbers in [−1, 1], rounded to the 256 levels of a byte."""
    if array.dtype.kind != "f":
        raise invalid("Images must be bytes from 0 to 255, or floating-point numbers from −1 to 1.")
    if not (np.abs(array) <= 1).all():  # false for NaN
        raise invalid("Floating-point images must lie within −1 and 1.")
    return np.rint((array.astype(np.float64) + 1) * 127.5).astype(np.uint8)


def _decoded(given: Mapping[str, Any]) -> Bytes:
    """Images from {"shape": [n, h, w] or [n, h, w, 3], "bytes": their base64}."""
    wrong = invalid("Images as JSON must have a shape, and their bytes in base64.")
    shape, text = given.get("shape"), given.get("bytes")
    if given.keys() != {"shape", "bytes"} or not isinstance(text, str) or len(text) > 2 * MOST_BYTES:
        raise wrong
    if not isinstance(shape, list | tuple) or not all(type(side) is int and 0 < side < MOST_BYTES for side in shape):
        raise wrong
    try:
        raw = b64decode(text, validate=True)
        return np.frombuffer(raw, np.uint8).reshape(tuple(shape))
    except ValueError:
        raise wrong from None


def _encoded(images: Bytes) -> dict[str, Any]:
    return {"shape": list(images.shape), "bytes": b64encode(images.tobytes()).decode("ascii")}


Images = Annotated[
    np.ndarray,
    PlainValidator(_images),
    PlainSerializer(_encoded, when_used="json"),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                "shape": {"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 4},
                "bytes": {"type": "string", "contentEncoding": "base64"},
            },
        }
    ),
]


class Pictures(Config):
    """Images that somebody brought along, a fifth of which is held out. Raises pydantic.ValidationError.

    images: bytes (n, height, width), or (n, height, width, 3) in colour, read-only: 0 is −1, 255 is 1. From an array of
        bytes or of floating-point numbers in [−1, 1], which are rounded, or from JSON.
    labels: int64 (n,) in 0 … 9, read-only, or None for a single class. names: the classes' names, or None.
    """

    images: Images
    labels: PointLabels = None
    names: Names = PydanticField(default=None, exclude_if=lambda names: names is None)

    @model_validator(mode="after")
    def _fit_together(self) -> "Pictures":
        if self.labels is not None and len(self.labels) != len(self.images):
            raise invalid("Every image needs exactly one class.")
        if self.names is not None and (self.labels is None or len(self.names) <= self.labels.max()):
            raise invalid("Every class needs a name, or none has one.")
        return self

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all of it, in hexadecimal digits."""
        content = sha256(f"{self.images.shape} {self.names} {self.labels is None}\n".encode())
        content.update(self.images.tobytes())
        content.update(b"" if self.labels is None else self.labels.astype("<i8").tobytes())
        return content.hexdigest()

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Pictures) and self.digest == other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def title(self) -> str:
        """The title that a visitor sees."""
        return "Your images"

    @cached_property
    def distribution(self) -> "Album":
        """The held-out images; its `training` are the others."""
        return Album(self.images, self.labels, self.names)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one image."""
        return self.images.shape[1:]

    @property
    def normalizer(self) -> Normalizer:
        """The transform from data coordinates to canvas coordinates: none."""
        return Normalizer.pixels

    @property
    def size(self) -> int:
        """The number of images that models learn from."""
        return len(self.distribution.training)

    def training_points(self, n: int, seed: int) -> tuple[Array, Labels]:
        """The training set (m, dim) and its classes; n and seed are ignored."""
        source = self.distribution.training
        return source.values(np.arange(len(source))), source.labels


class Album(Finite):
    """The held-out or the training part of somebody's images, in an order of its own: they may come sorted.

    images: bytes (n, h, w) or (n, h, w, 3). Of each class about a fifth is held out, the same at every call; a class
    with a single image is learned. which: the indices of this part's images. labels: their classes.
    """

    def __init__(
        self, images: Bytes, labels: Labels | None, names: tuple[str, ...] | None = None, training: bool = False
    ) -> None:
        self._all = images, labels, names
        self.shape = images.shape[1:]
        every = np.zeros(len(images), np.int64) if labels is None else labels
        shuffled = np.random.default_rng(0).permutation(len(images))
        by_class = shuffled[np.argsort(every[shuffled], kind="stable")]
        held_out = np.zeros(len(images), bool)
        held_out[by_class[FIFTH - 1 :: FIFTH]] = True
        held_out &= np.bincount(every)[every] > 1
        self.which = shuffled[held_out[shuffled] != training]
        self.labels: Labels = every[self.which]
        self.classes = int(every.max()) + 1
        self.class_names = names

    @cached_property
    def training(self) -> "Album":
        return Album(*self._all, training=True)

    def values(self, which: NDArray[np.int64]) -> Array:
        found = self._all[0][self.which[which]]
        return found.reshape(len(found), -1) / 127.5 - 1
