"""Samples of a perfect model, and data samples that it hasn't seen: what scores are compared with."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from playground.budget import stage_samples
from playground.data import AnyData, Distribution, Drawing
from playground.data.distributions import Array, Empirical
from playground.data.kinds import kind_of
from playground.scene.scene import of_class

REFERENCES = 8
"""Data samples that a sample is compared with. One alone moves the score of a perfect model by a third."""

TRIALS = {"points": 80, "images": 20}
"""Scores of a perfect model that make a band: 640 pairs of samples. Those of images vary less, and cost more."""

LEAST = 40
"""Points of a drawing from which its law can be guessed. Fewer are themselves taken for the law."""


class Trial(NamedTuple):
    """A sample of a perfect model (n, dim) and the data samples that it is compared with, each (n, dim), drawn one by
    one."""

    sample: Array
    references: Iterator[Array]


def references(dataset: AnyData, label: int | None, n: int | None = None) -> Iterator[Array]:
    """The data samples (n, dim) that a model's samples are compared with, in data coordinates: REFERENCES of them, of
    one class, or of all for None. They are the same for all runs on the same data. n: by default as many as there are
    samples on the Stage."""
    return _drawn(dataset.distribution, label, n or stage_samples(dataset.shape), 2000)


def _drawn(data: Distribution, label: int | None, n: int, seed: int) -> Iterator[Array]:
    return (of_class(data, label, n, seed + i)[0] for i in range(REFERENCES))


def trials(dataset: AnyData, label: int | None, parts: int = 1, n: int | None = None) -> Iterator[Trial]:
    """Trials of a perfect model, in data coordinates.

    From a distribution, all samples are fresh. If a part of a finite set is held out, the model draws from the part
    that is learned, the references from the other. The law of a drawing is unknown: in each trial it is divided at
    random into as many equal parts, and the model draws from one of them, the references from another. n: as for
    `references`.
    """
    whole, n = dataset.distribution, n or stage_samples(dataset.shape)
    for i in range(TRIALS[kind_of(dataset.shape)] // (2 if parts > 1 else 1)):
        model, data, of = whole.training, whole, label
        if isinstance(dataset, Drawing) and parts > 1:
            model, data = _parts(dataset, label, parts, np.random.default_rng(i))
            of = None
        seed = 10_000 + 100 * i
        yield Trial(of_class(model, of, n, seed)[0], _drawn(data, of, n, seed + 1))


def divisible(drawing: Drawing, label: int | None) -> bool:
    """Whether a drawing, or one of its classes, has enough points to tell of their law."""
    return len(_points(drawing, label)) >= LEAST


def _points(drawing: Drawing, label: int | None) -> Array:
    source = drawing.distribution
    return source.points if label is None else source.points[source.labels == label]


def _parts(
    drawing: Drawing, label: int | None, parts: int, rng: np.random.Generator
) -> tuple[Distribution, Distribution]:
    shuffled = rng.permutation(_points(drawing, label))
    size = len(shuffled) // parts
    return Empirical(shuffled[:size]), Empirical(shuffled[size : 2 * size])
