"""The distance of the samples to the data, beside the distance of the data to itself."""

import torch

from playground.metrics import floor, sliced_wasserstein
from playground.views.base import Chart, line_over_training
from playground.views.scene import Scene


class Distance(Chart):
    title = "Distance to the data"
    help = "Sliced 2-Wasserstein distance. The dashed floor is the distance of two fresh samples of the data."
    needs = "sample"
    readout = True

    def measure(self, scene: Scene) -> dict[str, float]:
        if not scene.complete:
            return {}
        distance = sliced_wasserstein(torch.from_numpy(scene.finished), torch.from_numpy(scene.data))
        return {"distance": distance / scene.run.square.scale}

    def floors(self, scene: Scene) -> dict[str, float]:
        def draw(i: int) -> torch.Tensor:
            return torch.from_numpy(scene.fresh(len(scene.data), seed=1000 + i))

        return {"distance": floor(sliced_wasserstein, draw) / scene.run.square.scale}

    def draw(self):
        return line_over_training("distance", self.title, log=True)
