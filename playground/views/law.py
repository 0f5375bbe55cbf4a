"""The law of an experiment's training data, as a mixture of Gaussians: what the exact model would be of."""

import math
from collections.abc import Generator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from playground.data import AnyData
from playground.data.kinds import kind_of
from playground.experiment import POOL
from playground.families import ideal
from playground.families.conditioning import CLASSES
from playground.scene.perfect import LEAST
from playground.training.pool import TrainingData, pool_of
from playground.views.gradual import gradual

KNOWN = 4096
"""Most points that are themselves taken for the law."""

SMOOTHED = 2048
"""Most points from which an unknown law is estimated."""

WIDTHS = torch.logspace(-3, -0.3, 20, dtype=torch.float64)
"""Widths of the estimate's Gaussians that are tried, in standard deviations of the data."""

ROWS = 64


class Law(NamedTuple):
    """density: on the canvas, in double precision. estimated: whether it is only a guess from the training data."""

    density: ideal.MixtureDensity
    estimated: bool


@gradual
def law_of(data: TrainingData) -> Generator[None, None, Law]:
    """The law of the data that experiments learn from.

    A set whose density is a mixture of Gaussians has this law. Where a visitor limits the training data, they are the
    law themselves: a model can learn nothing else from them. Otherwise a Gaussian around each of some points estimates
    it, with the width that makes each point most likely given the others (Duin 1976, *On the choice of smoothing
    parameters for Parzen estimators*). Images, in many dimensions, aren't smoothed.
    """
    dataset, pool = data.dataset, pool_of(data, torch.device("cpu"))
    labels = pool.labels.clamp(max=CLASSES - 1)
    classes = labels if len(labels.unique()) > 1 else None
    points = pool.points.double()
    if (gaussians := dataset.distribution.gaussians()) is not None and len(points) == POOL:
        return Law(_on_canvas(dataset, gaussians, classes is not None), estimated=False)
    known = ideal.points(points[:KNOWN], None if classes is None else classes[:KNOWN])
    if kind_of(dataset.shape) == "images":
        return Law(known, estimated=True)
    limited = data.most < (dataset.size or POOL)
    if limited or len(points) < LEAST:
        return Law(known, estimated=len(points) > KNOWN)
    some = points[:SMOOTHED]
    width = yield from best_width(some)
    smoothed = ideal.points(some, None if classes is None else classes[:SMOOTHED])
    sigmas = torch.full_like(smoothed.weights, width)
    return Law(ideal.MixtureDensity(some, sigmas, smoothed.weights, smoothed.labels), estimated=True)


def _on_canvas(dataset: AnyData, gaussians, classes: bool) -> ideal.MixtureDensity:
    def tensor(values: np.ndarray) -> Tensor:
        return torch.as_tensor(values, dtype=torch.float64)

    normalizer = dataset.normalizer
    labels = torch.as_tensor(gaussians.labels).clamp(max=CLASSES - 1) if classes else None
    means, sigmas = normalizer.to_canvas(gaussians.means), gaussians.sigmas * normalizer.scale
    return ideal.MixtureDensity(tensor(means), tensor(sigmas), tensor(gaussians.weights), labels)


def best_width(points: Tensor) -> Generator[None, None, float]:
    """The width of a Gaussian around each point with the highest likelihood of all points, each left out in turn."""
    widths = WIDTHS * float(points.std(0).norm() / math.sqrt(2))
    likelihoods = -points.shape[1] * widths.log() * len(points)
    for start in range(0, len(points), ROWS):
        squares = torch.cdist(points[start : start + ROWS], points).square()
        own = torch.arange(len(squares))
        squares[own, start + own] = math.inf
        likelihoods += (-squares / (2 * widths[:, None, None] ** 2)).logsumexp(2).sum(1)
        yield
    return float(widths[int(likelihoods.argmax())])
