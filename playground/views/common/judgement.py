"""The distance by which models are judged: of points the sliced Wasserstein distance, of images that in features."""

from collections.abc import Generator

import numpy as np

from playground.data.kinds import Kind
from playground.metrics.bands import Band
from playground.scene.scene import Scene
from playground.views.common.distance import distance, distance_band
from playground.views.images import quality

SCALARS: dict[Kind, str] = {"points": "distance", "images": "frechet"}
"""The scalar that holds it, by the kind of data."""


def judged(scene: Scene, samples: np.ndarray) -> float:
    """The distance of samples (n, dim) on the canvas to the data."""
    return quality.scores(scene, samples).frechet if scene.kind == "images" else distance(scene, samples)


def perfect_band(scene: Scene) -> Generator[None, None, Band]:
    """What a perfect model scores. Yields after some milliseconds."""
    dataset, label = scene.run.experiment.dataset, scene.label
    if scene.kind == "images":
        return (yield from quality.bands.ahead_of(dataset, label, quality.asked(scene)))["frechet"]
    return (yield from distance_band.ahead_of(dataset, label))
