"""Views of a model with an exact likelihood: the likelihood of held-out data, and the density over the canvas."""

import numpy as np
import torch

from playground.data.kinds import ANY, Kind
from playground.families.capabilities import Density
from playground.scene import encode
from playground.scene.scene import Scene, cell_centres
from playground.views.base import Chart, Layer, Measured
from playground.views.charts import line_over_training
from playground.views.latent.elbo import log_det_scale
from playground.views.latent.likelihood import exact
from playground.views.latent.plane import data
from playground.views.time.fields import HEAT

POINTS = 1024


class NegativeLogLikelihood(Chart):
    title = "Negative log-likelihood"
    help = (
        "−log p on fresh data, exact, in nats in the data's own coordinates. The floor is that of the data's own "
        "density on the same points, where it is known: their entropy."
    )
    needs = Density
    kinds = ANY

    def explain(self, family: object, kind: Kind) -> str:
        return "−log p of held-out images, exact, in nats." if kind == "images" else self.help

    unit = "nats"

    @torch.no_grad()
    def measure(self, scene: Scene) -> dict[str, float]:
        return {"nll": log_det_scale(scene) - float(scene.model.log_prob(data(scene, POINTS)).mean())}

    def floors(self, scene: Scene) -> dict[str, float]:
        # On the same points: sampling noise, some hundredths of a nat, exceeds the gap of a good model.
        floor = exact(scene, data(scene, POINTS))
        return {} if floor is None else {"nll": floor}

    def draw(self):
        return line_over_training("nll", self.title)


class ModelDensity(Layer):
    title = "Model density"
    help = "How much probability the model gives each place. Over the whole plane it integrates to 1."
    needs = Density
    colour = "map"
    layouts = ("overlay",)

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        places = cell_centres(HEAT).to(scene.run.device)
        density = scene.model.log_prob(places).exp().reshape(HEAT, HEAT).cpu().numpy()
        return {"density": density, "scale": np.array(scene.run.normalizer.scale)}

    def draw(self, measured: Measured):
        most = float(np.nan_to_num(measured["density"]).max())
        bar = encode.bar("Density p(x)", 0.0, most * measured["scale"] ** 2)  # in the data's own coordinates
        return encode.heat(measured["density"], span=(0.0, most), bar=bar)
