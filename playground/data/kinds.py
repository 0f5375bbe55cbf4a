"""The kinds of data: points of the plane, or images."""

from typing import Literal

Kind = Literal["points", "images"]

ANY: tuple[Kind, ...] = ("points", "images")
IMAGES: tuple[Kind, ...] = ("images",)


def kind_of(shape: tuple[int, ...]) -> Kind:
    """The kind of a datum by its shape: (2,) is a point, (height, width) an image, (height, width, 3) one in colour."""
    return "images" if len(shape) > 1 else "points"
