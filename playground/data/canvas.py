"""The page's fixed square [−4, 4]², and the one similarity transform that brings a data set into it. For images, what
the models compute with is called the square, too; there it has as many dimensions as pixels."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from playground.config import Config
from playground.data.distributions import as_points

HALF = 4.0
"""The square is [−HALF, HALF]²: the fixed axis range of every picture."""

FILL = 3.2
"""How far from the centre a set's outermost point is put, so that samples just outside the data stay visible."""


class Normalizer(Config):
    """The similarity x ↦ (x − centre) · scale from a set's own coordinates to the square's."""

    centre: tuple[float, ...]
    """Of each coordinate, or one number for all."""
    scale: float

    identity: ClassVar["Normalizer"]
    """For drawings, which are made in the square itself."""
    pixels: ClassVar["Normalizer"]
    """For images, whose pixels lie in [−1, 1] whatever the set."""

    @classmethod
    def around(cls, points: ArrayLike) -> "Normalizer":
        """The square that a set fills: the midpoint of its bounding box becomes 0, its longer side ±FILL.

        points (n, 2), n ≥ 1. Points that all lie within 1e-12 of each other keep their scale.
        """
        x = as_points(points)
        low, high = x.min(axis=0), x.max(axis=0)
        half = float((high - low).max()) / 2
        cx, cy = (low + high) / 2
        return cls(centre=(float(cx), float(cy)), scale=FILL / half if half > 1e-12 else 1.0)

    def to_canvas(self, x: Any) -> Any:
        """Own coordinates (…, dim) to the square's. numpy arrays and torch tensors alike; all else becomes numpy."""
        x, centre = self._pair(x)
        return (x - centre) * self.scale

    def from_canvas(self, x: Any) -> Any:
        """The square's coordinates (…, dim) to the set's own: the inverse of :meth:`to_square`.

        A density transforms with it: log p in own coordinates = log p in the square + dim · log scale.
        """
        x, centre = self._pair(x)
        return x / self.scale + centre

    def _pair(self, x: Any) -> tuple[Any, Any]:
        """x and the centre, both as what x is. A tensor makes its own centre: its type and device, no import."""
        return (x, x.new_tensor(self.centre)) if hasattr(x, "new_tensor") else (np.asarray(x), np.array(self.centre))


Normalizer.identity = Normalizer(centre=(0.0, 0.0), scale=1.0)
Normalizer.pixels = Normalizer(centre=(0.0,), scale=1.0)
