"""What a model with an exact likelihood says: how likely held-out data are, and its density over the square."""

import torch

from playground.views import encode
from playground.views.base import ANY, Chart, Layer, Measured, line_over_training
from playground.views.bound import own
from playground.views.fields import HEAT
from playground.views.likelihood import exact
from playground.views.plane import data
from playground.views.scene import Scene, grid

POINTS = 1024

EXACT = ("log_prob", "trajectory")
"""A VAE has a log_prob, too, but only estimates it."""


class NegativeLogLikelihood(Chart):
    title = "Negative log-likelihood"
    help = (
        "−log p on fresh data, exact, in nats in the data's own coordinates. The floor is that of the data's own "
        "density on the same points, where it is known: their entropy."
    )
    needs = EXACT
    of = ANY
    readout = True
    kind = "nats"

    @torch.no_grad()
    def measure(self, scene: Scene) -> dict[str, float]:
        return {"nll": own(scene) - float(scene.model.log_prob(data(scene, POINTS)).mean())}

    def floors(self, scene: Scene) -> dict[str, float]:
        # On the same points: their luck, some hundredths of a nat, is larger than what a good model lacks.
        floor = exact(scene, data(scene, POINTS))
        return {} if floor is None else {"nll": floor}

    def draw(self):
        return line_over_training("nll", self.title)


class ModelDensity(Layer):
    title = "Model density"
    help = "How much probability the model gives each place. Over the whole plane it integrates to 1."
    needs = EXACT
    colour = "samples"
    layouts = ("place",)

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        places = grid(HEAT).to(scene.run.device)
        return {"density": scene.model.log_prob(places).exp().reshape(HEAT, HEAT).cpu().numpy()}

    def draw(self, measured: Measured):
        return encode.heat(measured["density"], colour=self.colour)
