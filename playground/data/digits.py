"""The handwritten digits that come with scikit-learn: 1,797 greyscale images of 8 × 8 pixels, in ten classes.

They are the test part of Alpaydin & Kaynak's *Optical Recognition of Handwritten Digits* (UCI, 1998). Each pixel is a
count from 0 (paper) to 16 (ink), scaled here to [−1, 1], where −1 is paper. An image is a point with 64 coordinates,
row by row.
"""

from functools import cache
from importlib.metadata import distribution
from typing import Annotated, Literal

import numpy as np

from playground.config import knob
from playground.data.distributions import Array, Distribution, Empirical, Labels

HELD_OUT = 360
"""Number of test images, a fifth of all: chosen by a fixed permutation and never used in training."""

Part = Literal["train", "test"]


class Digits(Empirical):
    """The training or the test part of the digits below `classes`; sampling draws with replacement. No density.

    points (n, 64) in [−1, 1] and labels (n,) in 0 … classes − 1: the part itself; n = 1,437 or 360 for all ten digits.
    """

    shape = (8, 8)

    def __init__(self, part: Part = "test", classes: int = 10) -> None:
        images, labels = _all()
        order = np.random.default_rng(0).permutation(len(images))
        chosen = order[:HELD_OUT] if part == "test" else order[HELD_OUT:]
        chosen = chosen[labels[chosen] < classes]
        super().__init__(images[chosen], labels[chosen])
        self.class_names = tuple("0123456789"[:classes])

    @property
    def training(self) -> "Digits":
        return Digits("train", self.classes)


@cache
def _all() -> tuple[Array, Labels]:
    # scikit-learn's load_digits reads the same file, but loading scikit-learn takes a second.
    file = distribution("scikit-learn").locate_file("sklearn/datasets/data/digits.csv.gz")
    table = np.loadtxt(str(file), delimiter=",")
    return table[:, :-1] / 8 - 1, table[:, -1].astype(np.int64)


def digits(
    *, classes: Annotated[int, knob("Digits", "How many of the ten digits, from 0 upwards.", ge=1, le=10)] = 10
) -> Distribution:
    """Digits.

    Handwritten digits of 8 × 8 pixels. Models learn from 1,437 of them; whatever is shown beside them or measured
    against them is drawn, with replacement, from the other 360.
    """
    return Digits("test", classes)
