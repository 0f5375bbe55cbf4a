"""The loss over the training."""

import torch

from playground.views.base import Chart, line_over_training
from playground.views.scene import Scene

POINTS = 4096
"""Most training points that the perfect model of the floor knows."""


class Loss(Chart):
    title = "Loss"
    of = ("points", "images")
    help = "The mean loss of recent steps. The dashed floor is the loss of a perfect model: it need not be zero."

    def measure(self, scene: Scene) -> dict[str, float]:
        return {}

    def floors(self, scene: Scene) -> dict[str, float]:
        if not hasattr(scene.model, "loss_floor"):
            return {}
        data, labels = (known[:POINTS].cpu() for known in (scene.run.pool, scene.run.labels))
        return {"loss": scene.model.loss_floor(data, torch.Generator().manual_seed(0), labels)}

    def draw(self):
        return line_over_training("loss", self.title)
