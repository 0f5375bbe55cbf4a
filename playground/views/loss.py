"""The loss over the training."""

import torch

from playground.data import Drawing, NamedSet
from playground.families import Family
from playground.views.base import Chart, line_over_training
from playground.views.scene import Scene

POINTS = 4096


class Loss(Chart):
    title = "Loss"
    of = ("points", "images")
    help = "The mean loss of recent steps. The dashed floor is the loss of a perfect model: it need not be zero."

    def measure(self, scene: Scene) -> dict[str, float]:
        return {}

    def floors(self, family: type[Family], dataset: NamedSet | Drawing) -> dict[str, float]:
        if not hasattr(family, "loss_floor"):
            return {}
        points = dataset.square.to_square(dataset.training_points(POINTS, seed=0)[0])[:POINTS]
        data = torch.as_tensor(points, dtype=torch.float32)
        return {"loss": family.loss_floor(data, torch.Generator().manual_seed(0))}

    def draw(self):
        return line_over_training("loss", self.title)
