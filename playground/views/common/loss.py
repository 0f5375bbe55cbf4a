"""The loss over the training."""

import math
from collections.abc import Generator, Iterator
from typing import Any

import torch

from playground.data.kinds import ANY, Kind
from playground.experiment import Experiment
from playground.families import FAMILIES
from playground.families.capabilities import Adversarial, LossFloor, can
from playground.families.stratified import spread_evenly
from playground.scene.scene import Scene
from playground.training.pool import TrainingData
from playground.views.base import Chart
from playground.views.charts import line_over_training, lines_over_training
from playground.views.gradual import gradual
from playground.views.law import law_of

PARTS, PAIRS = 32, 1 << 17
"""The floor is a mean over noised points in so many parts, since all at once take more than a tenth of a second: in
each, as many as make PAIRS with the components of the law, 32 to 256. It is then off by .2% at most where the law is
known, and by .6% (root mean square) where 2,048 points estimate it, which is what the estimate itself is off by."""


@gradual
def loss_floor(experiment: Experiment) -> Generator[None, None, dict[str, float]]:
    """The loss of the exact model of the law of an experiment's data, and whether that law is an estimate: 1 or 0."""
    data = TrainingData.of(experiment)
    yield from law_of.ahead(data)
    density, estimated = law_of(data)
    noised = 2 ** int(math.log2(min(max(PAIRS // len(density.means), 32), 256)))
    places, found = spread_evenly(PARTS * noised, 2 + density.means.shape[1]), 0.0
    with torch.random.fork_rng(devices=[]):  # its weights don't matter
        model: Any = FAMILIES[experiment.family](experiment.config, experiment.dataset.shape)
    for i in range(PARTS):
        yield
        found += model.loss_floor(density, places[i::PARTS]) / PARTS
    return {"loss": found, "loss_estimated": float(estimated)}


def learned(experiment: Experiment) -> Experiment:
    """An experiment without what only matters for sampling, or for how long it trains."""
    config = experiment.config
    usual = {name: field.get_default() for name, field in type(config).model_fields.items() if name in config.SAMPLING}
    return experiment.model_copy(update={"config": config.model_copy(update=usual), "steps": 1})


class Loss(Chart):
    title = "Loss"
    kinds = ANY
    help = "The mean loss of recent steps. The dashed floor is the loss of a perfect model: it need not be zero."

    def suits(self, family: object, kind: Kind | None = None) -> bool:
        return super().suits(family, kind) and not can(family, Adversarial)  # a GAN has two losses, see Losses

    def measure(self, scene: Scene) -> dict[str, float]:
        return {}

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        return loss_floor.ahead(learned(scene.run.experiment)) if can(scene.model, LossFloor) else iter(())

    def floors(self, scene: Scene) -> dict[str, float]:
        return loss_floor(learned(scene.run.experiment)) if can(scene.model, LossFloor) else {}

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
        return lines_over_training({"generator": "generator_loss@samples", "discriminator": "discriminator_loss@ink"})
