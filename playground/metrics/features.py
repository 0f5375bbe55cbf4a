"""Features of images: the numbers in which sets of images are compared, since two images of one class may have hardly a
pixel in common.

Where a classifier ships for a data set, they are what it sees before its last layer. Elsewhere they are the principal
components of the pixels, and an image is of the class of its nearest training image in them.
"""

from abc import ABC, abstractmethod
from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import ArrayLike

from playground.data import NamedSet
from playground.data.distributions import Distribution, Finite, Labels
from playground.metrics.classifier import Seen, shipped

COMPONENTS = 32
"""Most principal components that are features."""

KNOWN = 2000
"""Most training images from which components are computed, and with which others are compared."""

ROUNDS = 5
"""Rounds of the subspace iteration. The last components need not be exact: they only have to be the same everywhere."""


class Features(ABC):
    """title: what they are, for a sentence. classifies: whether `see` tells classes apart. sure: whether its
    probabilities say how certain that is."""

    title: str
    classifies: bool
    sure: bool

    @abstractmethod
    def see(self, x: ArrayLike) -> Seen:
        """The features (n, k), of mean variance 1 over the training data, and the classes' probabilities of images
        x (n, dim)."""


class Learned(Features):
    """The features and classes of the classifier of a named set; images: some that it has learned from, (n, dim)."""

    classifies = sure = True

    def __init__(self, name: str, classes: int, images: ArrayLike):
        """classes: those of the data, which may be fewer than the classifier knows. ValueError if none ships."""
        found = shipped(name)
        if found is None:
            raise ValueError(f"No classifier ships for {name}.")
        self.accuracy, self.classes = found.accuracy, classes
        self.title = f"a small classifier that is right about {found.accuracy:.1%} of held-out images"
        self._classifier = found.classifier
        self._scale = 1 / float(np.sqrt(found.classifier.see(images).features.var(0).mean()))

    def see(self, x: ArrayLike) -> Seen:
        features, probabilities = self._classifier.see(x)
        return Seen(features * self._scale, probabilities)


class Principal(Features):
    """The components of images (n, dim) with labels (n,) in 0 … classes − 1, along axes (dim, k)."""

    sure = False

    def __init__(self, images: np.ndarray, labels: Labels, classes: int, axes: np.ndarray):
        self.classifies, self.classes = classes > 1, classes
        self._mean, self._labels = images.mean(0), labels
        self._axes = axes / (np.sqrt(((images - self._mean) @ axes).var(0).mean()) + 1e-12)
        self._known = torch.as_tensor((images - self._mean) @ self._axes)
        self.title = f"the first {self._axes.shape[1]} principal components of the pixels"

    def see(self, x: ArrayLike) -> Seen:
        features = (np.nan_to_num(np.asarray(x, np.float32)) - self._mean) @ self._axes
        probabilities = np.ones((len(features), 1))
        if self.classifies:
            nearest = torch.cdist(torch.as_tensor(features), self._known).argmin(1).numpy()
            probabilities = np.eye(self.classes)[self._labels[nearest]]
        return Seen(features.astype(np.float64), probabilities)


def components(x: np.ndarray, k: int) -> Generator[None, None, np.ndarray]:
    """The directions (dim, k) of largest variance of centred points x (n, dim), by subspace iteration (Halko et al.
    2011, *Finding Structure with Randomness*, algorithm 4.4). Yields after each round."""
    basis = np.random.default_rng(0).normal(size=(x.shape[1], k)).astype(x.dtype)
    for _ in range(ROUNDS):
        basis, _ = np.linalg.qr(x.T @ (x @ basis))
        yield
    return basis @ np.linalg.svd(x @ basis, full_matrices=False)[2].T


def features_of(dataset: object, distribution: Distribution) -> Generator[None, None, Features]:
    """The features for a data set and its distribution. Yields between pieces of some 10 ms."""
    known = distribution.training
    if isinstance(known, Finite):
        images, labels = known.values(np.arange(min(KNOWN, len(known)))), known.labels[:KNOWN]
    else:
        images, labels = known.sample(KNOWN, np.random.default_rng(0))
    yield
    if isinstance(dataset, NamedSet) and shipped(dataset.name) is not None:
        return Learned(dataset.name, distribution.classes, images[: KNOWN // 4])
    x = np.asarray(images, np.float32)
    axes = yield from components(x - x.mean(0), min(COMPONENTS, len(x) - 1, x.shape[1]))
    return Principal(x, labels, distribution.classes, axes)
