"""Shapes: images made of known factors, so that a latent space can be compared with what the data vary in.

One shape on an empty ground, of 16 × 16 pixels, as in dSprites (Matthey et al. 2017) but drawn without end from
continuous factors: which shape, its size, its angle, its place and, in colour, its hue. Each factor varies by itself
and uniformly, or is fixed.

Pixels are covered as far as the shape's signed distance says, d pixels from its edge by ½ − d, within 0 … 1: edges are
smooth, and an image changes continuously with its factors. The distances follow Quilez, *2D distance functions*
(iquilezles.org/articles/distfunctions2d); they are exact within the shape and along its sides.
"""

import math
from collections.abc import Callable
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from playground.config import knob
from playground.data.distributions import Array, Distribution, Labels, as_points

SIDE = 16
"""Pixels along each side."""

Pixels = np.ndarray
"""float32 (n, SIDE²)."""


class Factor(NamedTuple):
    """A factor of the images. low, high: its range. middle: its value where it is fixed. cyclic: whether its two ends
    are the same image. whole: whether it takes whole numbers only."""

    name: str
    low: float
    high: float
    middle: float
    cyclic: bool = False
    whole: bool = False


SIZE = Factor("size", 2.0, 3.2, 2.7)
"""The radius, in pixels, of the disc with the shape's area: shapes of one size have equally much ink."""

ANGLE = Factor("angle", 0.0, 1.0, 0.0, cyclic=True)
"""A share of the turn that brings the shape back onto itself: 90° for a square. A disc has none, and ignores it."""

X, Y = Factor("x", -2.9, 2.9, 0.0), Factor("y", -2.9, 2.9, 0.0)
"""The place of the shape's centroid, in pixels from the middle, to the right and upwards. No shape is cut off."""

HUE = Factor("hue", 0.0, 1.0, 0.08, cyclic=True)
"""From red through green and blue to red again."""


# Signed distances of shapes with area π, at places (u, v) from their centroids: negative inside.


def disc(u: Pixels, v: Pixels) -> Pixels:
    return np.sqrt(u * u + v * v) - 1


def square(u: Pixels, v: Pixels) -> Pixels:
    return np.maximum(np.abs(u), np.abs(v)) - math.sqrt(math.pi) / 2


def triangle(u: Pixels, v: Pixels) -> Pixels:
    """Equilateral, one corner upwards: its sides are √(π / 3√3) from its centroid."""
    return np.maximum(np.abs(u) * (math.sqrt(3) / 2) + v / 2, -v) - math.sqrt(math.pi / (3 * math.sqrt(3)))


def cross(u: Pixels, v: Pixels) -> Pixels:
    """Two bars, three times as long as wide: of five equal squares."""
    arm = math.sqrt(math.pi / 5) / 2
    a, b = np.abs(u), np.abs(v)
    return np.maximum(np.minimum(a, b) - arm, np.maximum(a, b) - 3 * arm)


def half_disc(u: Pixels, v: Pixels) -> Pixels:
    """The upper half of a disc of radius √2, whose centroid is 4√2 / 3π above its straight side."""
    up = v + 4 * math.sqrt(2) / (3 * math.pi)
    return np.maximum(np.sqrt(u * u + up * up) - math.sqrt(2), -up)


class Shape(NamedTuple):
    """distance: of places to its edge. turn: the angle that brings it back onto itself, in radians."""

    name: str
    distance: Callable[[Pixels, Pixels], Pixels]
    turn: float


SHAPES = (
    Shape("disc", disc, 0.0),
    Shape("square", square, math.pi / 2),
    Shape("triangle", triangle, 2 * math.pi / 3),
    Shape("cross", cross, math.pi / 2),
    Shape("half disc", half_disc, 2 * math.pi),
)

AT_ONCE = 512
"""Images that are drawn at once: their pixels fit a processor's cache."""

_middles = (np.arange(SIDE) - (SIDE - 1) / 2).astype(np.float32)
PLACES = np.stack([np.tile(_middles, SIDE), np.repeat(-_middles, SIDE), np.ones(SIDE**2, np.float32)])
"""x, y and 1 for the middle of each pixel, row by row from the top, (3, SIDE²)."""


class Shapes(Distribution):
    """Images with known factors, as many as are asked for; no density. Classes are the shapes.

    count: how many of SHAPES there are. free: the names of the other factors that vary; the rest are in their middle.

    factors: what the columns of an array of factors mean: first the shape, its number in SHAPES.
    """

    shape: tuple[int, ...] = (SIDE, SIDE)

    def __init__(self, count: int, free: frozenset[str]) -> None:
        self.classes = count
        self.class_names = tuple(known.name for known in SHAPES[:count])
        self.factors: tuple[Factor, ...] = (Factor("shape", 0, count - 1, 0, whole=True), SIZE, ANGLE, X, Y)
        self.free = free

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Labels]:
        factors = self.sample_factors(n, rng)
        return self.images(factors), factors[:, 0].astype(np.int64)

    def sample_factors(self, n: int, rng: np.random.Generator) -> Array:
        """The factors (n, k) of the images that `sample` draws with a generator in the same state."""
        drawn = [rng.integers(self.classes, size=n).astype(np.float64)]
        for factor in self.factors[1:]:
            value = rng.uniform(factor.low, factor.high, n)  # drawn even if fixed: the others stay as they were
            drawn.append(value if factor.name in self.free else np.full(n, factor.middle))
        return np.stack(drawn, axis=1)

    def images(self, factors: ArrayLike) -> Array:
        """The images (n, dim) of factors (n, k), each column within the range that its Factor has."""
        return 2 * self.coverage(factors).astype(np.float64) - 1

    def coverage(self, factors: ArrayLike) -> Pixels:
        """How much of each pixel the shapes cover, 0 … 1: (n, SIDE²). ValueError for another number of factors."""
        known = as_points(factors, len(self.factors))
        covered = np.empty((len(known), SIDE**2), np.float32)
        for start in range(0, len(known), AT_ONCE):
            part = known[start : start + AT_ONCE]
            for number, found in enumerate(SHAPES):
                rows = np.flatnonzero(part[:, 0] == number)
                if len(rows):
                    covered[start + rows] = _covered(found, part[rows])
        return covered

    def traversal(self, factors: ArrayLike, name: str, steps: int) -> Array:
        """The images (steps, dim) of factors (k,) of which one, by its name, goes through its range. A cyclic one ends
        a step before it is back. ValueError for a name that no factor has."""
        column = [factor.name for factor in self.factors].index(name)
        factor = self.factors[column]
        path = np.tile(np.asarray(factors, np.float64), (steps, 1))
        path[:, column] = np.linspace(factor.low, factor.high, steps, endpoint=not factor.cyclic)
        if factor.whole:
            path[:, column] = path[:, column].round()
        return self.images(path)


def _covered(of: Shape, factors: Array) -> Pixels:
    """Coverage (n, SIDE²) by one shape."""
    size, share, x, y = factors[:, 1:5].T
    cos, sin = np.cos(of.turn * share) / size, np.sin(of.turn * share) / size
    across = np.stack([cos, sin, -cos * x - sin * y], axis=1).astype(np.float32) @ PLACES
    up = np.stack([-sin, cos, sin * x - cos * y], axis=1).astype(np.float32) @ PLACES
    distance = of.distance(across, up)
    distance *= -size[:, None].astype(np.float32)
    distance += 0.5
    return np.clip(distance, 0, 1, out=distance)


class ColouredShapes(Shapes):
    """The same in colour, on black: the hue is one more factor."""

    shape = (SIDE, SIDE, 3)

    def __init__(self, count: int, free: frozenset[str]) -> None:
        super().__init__(count, free)
        self.factors = (*self.factors, HUE)

    def images(self, factors: ArrayLike) -> Array:
        known = as_points(factors, len(self.factors))
        colours = 2 * rgb(known[:, -1])
        return (self.coverage(known)[:, :, None] * colours[:, None] - 1).reshape(len(known), self.dim)


def rgb(hue: Array) -> Array:
    """Red, green and blue (n, 3) in 0 … 1 of pure colours with hues (n,) in 0 … 1."""
    away = np.abs((hue[:, None] + np.array([0, 2 / 3, 1 / 3])) % 1 - 0.5)  # from the hue opposite to the channel's
    return np.clip(6 * away - 1, 0, 1)


Count = Annotated[int, knob("Shapes", f"How many of: {', '.join(s.name for s in SHAPES)}.", ge=1, le=len(SHAPES))]
SizeVaries = Annotated[bool, knob("Size varies", "Between the smallest and 1.6 times as large.")]
AngleVaries = Annotated[bool, knob("Angle varies", "Through a whole turn of the shape. A disc looks the same.")]
XVaries = Annotated[bool, knob("Place x varies", "From left to right.")]
YVaries = Annotated[bool, knob("Place y varies", "From bottom to top.")]
HueVaries = Annotated[bool, knob("Hue varies", "Through all colours.")]


def shapes(
    *, count: Count = 3, size: SizeVaries = True, angle: AngleVaries = True, x: XVaries = True, y: YVaries = True
) -> Distribution:
    """Shapes.

    One shape on 16 × 16 pixels, whose factors are known: which it is, its size, angle and place. Each varies by itself,
    or is fixed.
    """
    return Shapes(count, _free(size=size, angle=angle, x=x, y=y))


def coloured_shapes(
    *,
    count: Count = 3,
    size: SizeVaries = True,
    angle: AngleVaries = True,
    x: XVaries = True,
    y: YVaries = True,
    hue: HueVaries = True,
) -> Distribution:
    """Coloured shapes.

    The same shapes on black, in all colours: the hue is one more factor.
    """
    return ColouredShapes(count, _free(size=size, angle=angle, x=x, y=y, hue=hue))


def _free(**varies: bool) -> frozenset[str]:
    return frozenset(name for name, does in varies.items() if does)
