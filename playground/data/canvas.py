"""The canvas, which is the fixed plotting range [−4, 4]², and the normalizer, a similarity transform that maps a data
set to canvas coordinates. Models compute in canvas coordinates; for images these have one dimension per pixel."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from playground.config import Config
from playground.data.distributions import as_points

HALF = 4.0
"""The canvas is [−HALF, HALF]²: the fixed axis range of every plot."""

FILL = 3.2
"""Canvas coordinate of a set's outermost point, chosen so that samples just outside the data stay visible."""


class Normalizer(Config):
    """The similarity x ↦ (x − centre) · scale from data coordinates to canvas coordinates."""

    centre: tuple[float, ...]
    """One number per coordinate, or one number for all."""
    scale: float

    identity: ClassVar["Normalizer"]
    """For drawings, which are made in canvas coordinates."""
    pixels: ClassVar["Normalizer"]
    """For images, whose pixels lie in [−1, 1] in every set."""

    @classmethod
    def around(cls, points: ArrayLike) -> "Normalizer":
        """The normalizer of a point set: the midpoint of its bounding box maps to 0, its longer side to ±FILL.

        points (n, 2), n ≥ 1. Points that all lie within 1e-12 of each other keep their scale.
        """
        x = as_points(points)
        low, high = x.min(axis=0), x.max(axis=0)
        half = float((high - low).max()) / 2
        cx, cy = (low + high) / 2
        return cls(centre=(float(cx), float(cy)), scale=FILL / half if half > 1e-12 else 1.0)

    def to_canvas(self, x: Any) -> Any:
        """Map data coordinates (…, dim) to canvas coordinates. Takes numpy arrays and torch tensors; any other input
        becomes a numpy array."""
        x, centre = self._pair(x)
        return (x - centre) * self.scale

    def from_canvas(self, x: Any) -> Any:
        """Map canvas coordinates (…, dim) to data coordinates: the inverse of :meth:`to_canvas`.

        Densities transform accordingly: log p in data coordinates = log p in canvas coordinates + dim · log scale.
        """
        x, centre = self._pair(x)
        return x / self.scale + centre

    def _pair(self, x: Any) -> tuple[Any, Any]:
        """x and the centre, both of the type of x. `new_tensor` keeps a tensor's type and device without importing
        torch."""
        return (x, x.new_tensor(self.centre)) if hasattr(x, "new_tensor") else (np.asarray(x), np.array(self.centre))


Normalizer.identity = Normalizer(centre=(0.0, 0.0), scale=1.0)
Normalizer.pixels = Normalizer(centre=(0.0,), scale=1.0)
