"""The distance of the samples to the data, beside the distance of the data to itself."""

import numpy as np

from playground.data import Drawing, NamedSet
from playground.experiment import SAMPLES
from playground.families import Family
from playground.metrics import floor, sliced_wasserstein
from playground.views.base import ANY, Chart, line_over_training
from playground.views.scene import Scene


class Distance(Chart):
    title = "Distance to the data"
    help = (
        "Sliced 2-Wasserstein distance; of images, in their pixels. "
        "The dashed floor is the distance of two fresh samples of the data, "
        "or of the images that are learned from to those held out."
    )
    needs = "sample"
    of = ANY
    readout = True

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"distance": sliced_wasserstein(scene.finished, scene.data) / scene.run.square.scale}

    def floors(self, family: type[Family], dataset: NamedSet | Drawing) -> dict[str, float]:
        data = dataset.distribution

        def draw(i: int) -> np.ndarray:
            return (data.training if i % 2 else data).sample(SAMPLES, np.random.default_rng(1000 + i))[0]

        return {"distance": floor(sliced_wasserstein, draw)}

    def draw(self):
        return line_over_training("distance", self.title, log=True)
