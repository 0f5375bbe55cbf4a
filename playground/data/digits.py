"""The handwritten digits that come with scikit-learn: 1,797 grey images of 8 × 8 pixels, in ten classes.

The test part of Alpaydin & Kaynak's *Optical Recognition of Handwritten Digits* (UCI, 1998): each pixel is a count from
0 (paper) to 16 (ink), brought to [−1, 1] here, where −1 is paper. An image is a point with 64 coordinates, row by row.
"""

from functools import cache
from typing import Literal

import numpy as np

from playground.data.distributions import Array, Distribution, Labels

HELD_OUT = 360
"""Images of the test part, a fifth: drawn once, by a fixed permutation, so that no training ever sees them."""


class Digits(Distribution):
    """One part of the digits; sampling draws with replacement. No density.

    shape: of an image. images (n, 64) in [−1, 1] and labels (n,) in 0 … 9: the part itself, n = 1,437 or 360.
    """

    shape = (8, 8)
    classes = 10
    class_names = tuple("0123456789")

    def __init__(self, part: Literal["train", "test"] = "train") -> None:
        images, labels = _all()
        order = np.random.default_rng(0).permutation(len(images))
        chosen = order[:HELD_OUT] if part == "test" else order[HELD_OUT:]
        self.images: Array = images[chosen]
        self.labels: Labels = labels[chosen]

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Labels]:
        """Draw n images (n, 64) with labels (n,), independently."""
        which = rng.integers(len(self.images), size=n)
        return self.images[which], self.labels[which]


@cache
def _all() -> tuple[Array, Labels]:
    from sklearn.datasets import load_digits  # slow to import, and only this set needs it

    pixels, labels = load_digits(return_X_y=True)
    return pixels / 8 - 1, labels.astype(np.int64)
