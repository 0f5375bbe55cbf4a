"""The distance of the samples to the data, beside the distance between two sets of data."""

from functools import lru_cache

import numpy as np

from playground.budget import STAGE_SAMPLES
from playground.data import Drawing, NamedSet
from playground.data.kinds import ANY, Kind
from playground.families.capabilities import Conditional, can
from playground.metrics.distances import floor, sliced_wasserstein
from playground.scene.scene import Scene, of_class
from playground.views.base import Chart
from playground.views.charts import line_over_training


@lru_cache(maxsize=64)
def distance_floor(dataset: NamedSet | Drawing, label: int | None) -> float:
    """The distance between two fresh samples of the data, or of one class, as large as the model's sample, in the
    data's own coordinates. It takes a tenth of a second, so runs on the same data share it."""
    data = dataset.distribution

    def draw(i: int) -> np.ndarray:
        return of_class(data.training if i % 2 else data, label, STAGE_SAMPLES, seed=1000 + i)[0]

    return floor(sliced_wasserstein, draw)


class Distance(Chart):
    title = "Distance to the data"
    help = "Sliced 2-Wasserstein distance. The dashed floor is that of two fresh samples of the data."
    kinds = ANY

    def explain(self, family: object, kind: Kind) -> str:
        images = "Sliced 2-Wasserstein distance of pixels. The floor is from the images learned to held-out ones."
        of_class = " Where a class is chosen, all are of it." if can(family, Conditional) else ""
        return (images if kind == "images" else self.help) + of_class

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"distance": sliced_wasserstein(scene.final_samples, scene.reference) / scene.run.normalizer.scale}

    def floors(self, scene: Scene) -> dict[str, float]:
        return {"distance": distance_floor(scene.run.experiment.dataset, scene.label)}

    def draw(self):
        return line_over_training("distance", self.title, log=True)
