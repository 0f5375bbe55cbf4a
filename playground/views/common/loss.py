"""The loss over the training."""

from typing import Any
from weakref import WeakKeyDictionary

import plotly.graph_objects as go
import torch

from playground.data.kinds import ANY, Kind
from playground.families.capabilities import Adversarial, LossFloor, can
from playground.scene.scene import Scene
from playground.views.base import Chart
from playground.views.charts import line_over_training, styled

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
    title = "Losses beside quality"
    kinds = ANY
    help = (
        "Orange the generator's loss, blue the discriminator's; below, the share of high-quality samples. The losses "
        "don't foretell it: each is measured against a rival that changes, too, so it can rise while the samples "
        "improve, and rest while modes are lost."
    )
    explains = True
    needs = Adversarial

    def measure(self, scene: Scene) -> dict[str, float]:
        return {}

    def floors(self, scene: Scene) -> dict[str, float]:
        return {}

    def draw(self):
        figure = styled(go.Figure())
        lines = [
            ("generator_loss@samples", "generator", "solid", "y"),
            ("discriminator_loss@data", "discriminator", "solid", "y"),
            ("quality@ink", "high-quality samples", "solid", "y2"),
            ("floor:quality", "ceiling", "dash", "y2"),
        ]
        for meta, name, dash, axis in lines:
            figure.add_scatter(
                meta=meta,
                mode="lines",
                line={"width": 1.5, "dash": dash},
                name=name,
                yaxis=axis,
                hovertemplate=f"{name} %{{y:.3g}}<extra></extra>",
            )
        return figure.update_layout(
            height=210,
            xaxis={"rangemode": "tozero", "nticks": 4, "anchor": "y2"},
            yaxis={"domain": [0.46, 1], "nticks": 4},
            yaxis2={"domain": [0, 0.36], "range": [0, 1.03], "tickformat": ".0%", "nticks": 3, "zeroline": False},
        )
