"""The loss over the training."""

from typing import Any
from weakref import WeakKeyDictionary

import torch

from playground.data.kinds import ANY, Kind
from playground.families.capabilities import Adversarial, LossFloor, can
from playground.scene.scene import Scene
from playground.views.base import Chart
from playground.views.charts import line_over_training, lines_over_training

POINTS = 4096
"""Most training points in the ideal model that gives the floor."""


class Loss(Chart):
    title = "Loss"
    kinds = ANY
    help = "The mean loss of recent steps. The dashed floor is the loss of a perfect model: it need not be zero."

    def __init__(self) -> None:
        self._floors: WeakKeyDictionary[Scene, tuple[Any, float]] = WeakKeyDictionary()

    def suits(self, family: object, kind: Kind | None = None) -> bool:
        return super().suits(family, kind) and not can(family, Adversarial)  # a GAN has two losses, see Losses

    def measure(self, scene: Scene) -> dict[str, float]:
        return {}

    def floors(self, scene: Scene) -> dict[str, float]:
        if not can(scene.model, LossFloor):
            return {}
        learned = scene.model.config.model_dump(exclude=set(scene.model.config.SAMPLING))
        known, found = self._floors.get(scene, (None, 0.0))
        if known != learned:  # it takes a tenth of a second
            data, labels = (part[:POINTS].cpu() for part in (scene.run.pool, scene.run.labels))
            found = scene.model.loss_floor(data, torch.Generator().manual_seed(0), labels)
            self._floors[scene] = learned, found
        return {"loss": found}

    def draw(self):
        return line_over_training("loss", self.title)


class Losses(Chart):
    title = "Losses of the players"
    kinds = ANY
    help = (
        "They don't foretell the quality, since each is measured against a rival that changes, too. "
        "A loss can rise while the samples improve, and rest while modes are lost."
    )
    needs = Adversarial

    def measure(self, scene: Scene) -> dict[str, float]:
        return {}

    def floors(self, scene: Scene) -> dict[str, float]:
        return {}

    def draw(self):
        return lines_over_training({"generator": "generator_loss@samples", "discriminator": "discriminator_loss@data"})
