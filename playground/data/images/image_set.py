"""A finite set of labelled images, of which some are held out."""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from playground.data.distributions import Empirical

Part = Literal["train", "test"]


class ImageSet(Empirical):
    """The training or the test part of a set of images; sampling draws with replacement. No density.

    images (n, height, width) or (n, height, width, 3) in [−1, 1]. An image is a point whose coordinates are its pixels,
    row by row. labels (n,): their classes. names: those of classes 0, 1, …; images of other classes are left out.
    held_out: the number of images in the test part, chosen by a fixed permutation. They are never used in training.
    """

    def __init__(
        self, images: ArrayLike, labels: ArrayLike, names: Sequence[str], held_out: int, part: Part = "test"
    ) -> None:
        pixels, numbers = np.asarray(images), np.asarray(labels)
        self.shape = pixels.shape[1:]
        order = np.random.default_rng(0).permutation(len(pixels))
        chosen = order[:held_out] if part == "test" else order[held_out:]
        chosen = chosen[numbers[chosen] < len(names)]
        super().__init__(pixels[chosen].reshape(len(chosen), -1), numbers[chosen])
        self.classes = len(names)
        self.class_names = tuple(names)
        self._other = None if part == "train" else (pixels, numbers, names, held_out)

    @cached_property
    def training(self) -> "ImageSet":
        return self if self._other is None else ImageSet(*self._other, "train")
