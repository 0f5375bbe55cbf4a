"""The distance of the samples to the data, beside that of a perfect model."""

from collections.abc import Generator, Iterator

import numpy as np
import torch

from playground.budget import STAGE_SAMPLES
from playground.data import AnyData, Drawing, NamedSet, Normalizer
from playground.data.kinds import Kind
from playground.families.capabilities import Conditional, can
from playground.metrics.bands import Band, band, band_of_law, shipped
from playground.metrics.distances import between, projected
from playground.scene import perfect
from playground.scene.scene import Scene
from playground.views.base import INDISTINGUISHABLE, Chart
from playground.views.charts import line_over_training
from playground.views.gradual import gradual


@gradual
def references(dataset: AnyData, label: int | None) -> Generator[None, None, list[np.ndarray]]:
    """The data samples that a model's are compared with, on the canvas, `projected`."""
    found, normalizer = [], dataset.normalizer
    for sample in perfect.references(dataset, label):
        found.append(_placed(sample, normalizer))
        yield
    return found


def _placed(sample: np.ndarray, normalizer: Normalizer) -> np.ndarray:
    return projected(normalizer.to_canvas(sample).astype(np.float32))  # half the time of double precision


@gradual
def distance_band(dataset: AnyData, label: int | None) -> Generator[None, None, Band]:
    """The band of `distance`, in data coordinates: of a named set as it comes that which ships with the project."""
    named = dataset.name if isinstance(dataset, NamedSet) and label is None else ""
    if named in shipped() and dataset == NamedSet(name=named):
        return shipped()[named]
    return (yield from measured_band(dataset, label))


def measured_band(dataset: AnyData, label: int | None) -> Generator[None, None, Band]:
    """As `distance_band`, measured."""
    whole = yield from _distances(dataset, label, parts=1)
    if isinstance(dataset, Drawing) and perfect.divisible(dataset, label):
        halves = yield from _distances(dataset, label, parts=2)
        quarters = yield from _distances(dataset, label, parts=4)
        found = band_of_law(whole, halves, quarters)
    else:
        found = band(whole)
    return found.scaled(1 / dataset.normalizer.scale)


def _distances(dataset: AnyData, label: int | None, parts: int) -> Generator[None, None, list[float]]:
    found, normalizer = [], dataset.normalizer
    for trial in perfect.trials(dataset, label, parts=parts):
        sample, distances = _placed(trial.sample, normalizer), []
        for data in trial.references:
            distances.append(between(sample, _placed(data, normalizer)))
            yield
        found.append(float(np.mean(distances)))
    return found


def distance(scene: Scene, samples: np.ndarray) -> float:
    """The distance of samples (n, dim), in canvas coordinates, to the scene's data, in data coordinates."""
    found, others = projected(samples), references(scene.run.experiment.dataset, scene.label)
    return float(np.mean([between(found, data) for data in others])) / scene.run.normalizer.scale


OWN, AT_ONCE = 4, 100
"""Samples of a model at rest over which its distance is averaged, and how many points of one are made at once: about as
many as a live frame renews."""


@torch.no_grad()  # whenever it computes, not between its pieces
def averaged(scene: Scene) -> Generator[None, None, float]:
    """`distance`, averaged over OWN fresh samples of the model. Yields after some milliseconds."""
    found, n = [], scene.count
    for i in range(OWN):
        generator = torch.Generator(scene.run.device).manual_seed(3000 + i)
        parts = []
        for start in range(0, n, AT_ONCE):
            parts.append(scene.model.sample(min(AT_ONCE, n - start), generator).cpu().numpy())
            yield
        found.append(distance(scene, np.concatenate(parts)))
        yield
    return float(np.mean(found))


class Distance(Chart):
    title = "Distance to the data"
    help = (
        f"Sliced 2-Wasserstein distance of {STAGE_SAMPLES:,} points to as many data, averaged over eight data samples. "
        "The band is where a perfect model's points are in 90 of 100 cases. Of a model at rest, the number is the mean "
        f"over {OWN} samples of so many points."
    )
    inside = INDISTINGUISHABLE

    def explain(self, family: object, kind: Kind) -> str:
        return self.help + (" Where a class is chosen, all are of it." if can(family, Conditional) else "")

    def ahead(self, scene: Scene) -> Iterator[None]:
        return references.ahead(scene.run.experiment.dataset, scene.label)

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"distance": distance(scene, scene.final_samples)}

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        return distance_band.ahead(scene.run.experiment.dataset, scene.label)

    def floors(self, scene: Scene) -> dict[str, float]:
        return distance_band(scene.run.experiment.dataset, scene.label).named("distance")

    def draw(self):
        return line_over_training("distance", self.title, log=True)
