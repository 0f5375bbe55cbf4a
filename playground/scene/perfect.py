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
    """A sample of a perfect model, at least as large as the data samples (n, dim) that it is compared with, which are
    drawn one by one."""

    sample: Array
    references: Iterator[Array]


def references(dataset: AnyData, label: int | None, n: int | None = None, replace: bool = True) -> Iterator[Array]:
    """The data samples (n, dim) that a model's samples are compared with, in data coordinates: REFERENCES of them, of
    one class, or of all for None. They are the same for all runs on the same data. n: by default as many as there are
    samples on the Stage.

    replace: whether a point of a drawing may come twice. To measures of neighbourhoods such points are too near to each
    other: without replacement, samples are as small, and as few, as half of the points allow. A drawing of fewer than
    LEAST points is a law of its own, in which points come twice."""
    n = n or stage_samples(dataset.shape)
    if not replace and isinstance(dataset, Drawing) and divisible(dataset, label):
        return iter(_halved(dataset, label, n, 2000)[1])
    return _drawn(dataset.distribution, label, n, 2000)


def _drawn(data: Distribution, label: int | None, n: int, seed: int) -> Iterator[Array]:
    return (of_class(data, label, n, seed + i)[0] for i in range(REFERENCES))


def _halved(drawing: Drawing, label: int | None, n: int, seed: int) -> tuple[Array, list[Array]]:
    """A random half of a drawing's points (m, 2), and samples of the other half, of min(n, m) points each, without
    replacement."""
    shuffled = np.random.default_rng(seed).permutation(_points(drawing, label))
    half = len(shuffled) // 2
    size = min(n, half)
    samples = [shuffled[half + i * size : half + (i + 1) * size] for i in range(min(REFERENCES, half // size))]
    return shuffled[:half], samples


def trials(
    dataset: AnyData, label: int | None, parts: int = 1, n: int | None = None, replace: bool = True
) -> Iterator[Trial]:
    """Trials of a perfect model, in data coordinates.

    From a distribution, all samples are fresh. If a part of a finite set is held out, the model draws from the part
    that is learned, the references from the other. The law of a drawing is unknown: in each trial it is divided at
    random into as many equal parts, and the model draws from one of them, the references from another. n, replace: as
    for `references`; without replacement, a drawing is divided into halves.
    """
    whole, shown = dataset.distribution, stage_samples(dataset.shape)
    n = n or shown
    divided = isinstance(dataset, Drawing) and divisible(dataset, label) and (parts > 1 or not replace)
    for i in range(TRIALS[kind_of(dataset.shape)] // (2 if divided else 1)):
        if isinstance(dataset, Drawing) and divided and not replace:
            sample, found = _halved(dataset, label, n, i)
            yield Trial(sample, iter(found))
            continue
        model, data, of = whole.training, whole, label
        if isinstance(dataset, Drawing) and divided:
            model, data = _parts(dataset, label, parts, np.random.default_rng(i))
            of = None
        seed = 10_000 + 100 * i
        yield Trial(of_class(model, of, max(n, shown), seed)[0], _drawn(data, of, n, seed + 1))


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
