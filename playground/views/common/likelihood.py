"""The exact likelihood of held-out data, where a family has one."""

import copy
import math
from collections.abc import Generator

import plotly.graph_objects as go
import torch
from torch import Tensor

from playground.data.kinds import ANY, Kind
from playground.families.capabilities import ContinuousDensity, Density
from playground.families.continuous import signs
from playground.scene.scene import Scene
from playground.views.base import Chart, Figure
from playground.views.charts import line_over_training, nats_over
from playground.views.latent.elbo import log_det_scale
from playground.views.latent.likelihood import exact, test_points
from playground.views.latent.plane import data

POINTS = 1024
"""Points of the chart, which is measured often."""

HELD_OUT = 500
"""Points of the figure."""

SOLVED = (1, 2, 5, 10, 20, 40)
"""Steps of the ODE."""
EVALUATIONS = 4
"""Evaluations of the field for each step."""


class NegativeLogLikelihood(Chart):
    title = "Negative log-likelihood"
    help = (
        "−log p on fresh data (of a drawing, on its own), exact, in nats in the data's coordinates. The floor is that "
        "of the data's own density on the same points, where it is known: their entropy."
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


class ContinuousLikelihood(Figure):
    title = "Log-likelihood"
    help = (
        f"−log p of {HELD_OUT} fresh points by the ODE; of a drawing, they are its own. Its exact divergence (orange) "
        "costs a backward pass for each dimension, Hutchinson's estimate (grey) one. Dashed: the entropy on the same "
        "points."
    )
    needs = ContinuousDensity

    @torch.no_grad()
    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        x, model = test_points(scene, HELD_OUT), copy.deepcopy(scene.model)
        probe = signs(x, torch.Generator(x.device).manual_seed(0))
        nats: dict[str, list[Tensor]] = {"samples": [], "noise": []}
        for steps in SOLVED:
            for colour, estimate in (("samples", None), ("noise", probe)):
                nats[colour].append(log_det_scale(scene) - (yield from model.log_density(x, 1.0, steps, estimate)))
        best, floor = nats["samples"][-1], exact(scene, x)
        if not best.isfinite().all():
            raise ValueError("The likelihood of some points is no number: the model has blown up.")
        mean, error = float(best.mean()), float(best.std()) / math.sqrt(len(x))
        above = "" if floor is None else f", {mean - floor:.3f} above the entropy"
        said = f"{mean:.2f} ± {error:.2f} nats ({mean / math.log(2):.2f} bits){above}"
        means = {colour: [float(values.mean()) for values in found] for colour, found in nats.items()}
        return nats_over([EVALUATIONS * steps for steps in SOLVED], means, floor, "evaluations", said)
