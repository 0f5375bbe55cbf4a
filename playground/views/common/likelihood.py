"""The exact likelihood of held-out data, where a family has one."""

import copy
import math
from collections.abc import Generator

import plotly.graph_objects as go
import torch
from torch import Tensor

from playground.data.kinds import ANY, Kind
from playground.families.capabilities import ContinuousDensity, Density
from playground.scene.scene import Scene
from playground.views.base import Chart, Figure
from playground.views.charts import line_over_training, styled
from playground.views.latent.elbo import log_det_scale
from playground.views.latent.likelihood import SMALL, exact, test_points
from playground.views.latent.plane import data

POINTS = 1024

POINTS_ASKED = 500
SOLVED = (1, 2, 5, 10, 20, 40)
"""Steps of the ODE."""
EVALUATIONS = 4
"""Evaluations of the field for each step."""


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


class ContinuousLikelihood(Figure):
    title = "Log-likelihood"
    help = (
        f"−log p of {POINTS_ASKED} held-out points by the ODE. Its exact divergence (orange) costs a backward pass for "
        "each dimension, Hutchinson's estimate (grey) one. Dashed: the entropy on the same points."
    )
    needs = ContinuousDensity

    @torch.no_grad()
    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        x, model = test_points(scene, POINTS_ASKED), copy.deepcopy(scene.model)
        signs = 2.0 * torch.randint(0, 2, x.shape, generator=torch.Generator().manual_seed(0)).to(x) - 1
        nats: dict[str, list[Tensor]] = {"exact": [], "Hutchinson": []}
        for steps in SOLVED:
            for name, probe in (("exact", None), ("Hutchinson", signs)):
                nats[name].append(log_det_scale(scene) - (yield from model.log_density(x, 1.0, steps, probe)))
        best, floor = nats["exact"][-1], exact(scene, x)
        if not best.isfinite().all():
            raise ValueError("The likelihood of some points is no number: the model has blown up.")
        figure, evaluations = styled(go.Figure()), [EVALUATIONS * steps for steps in SOLVED]
        for (name, found), colour in zip(nats.items(), ("samples", "noise"), strict=True):
            figure.add_scatter(
                x=evaluations,
                y=[float(values.mean()) for values in found],
                mode="lines+markers",
                name=name,
                meta=colour,
                hovertemplate="%{x:,} evaluations: %{y:.3f} nats<extra></extra>",
            )
        if floor is not None:
            figure.add_scatter(
                x=evaluations,
                y=[floor] * len(SOLVED),
                mode="lines",
                line={"dash": "dash"},
                meta="ink",
                hovertemplate="entropy %{y:.3f} nats<extra></extra>",
            )
        error = float(best.std()) / math.sqrt(len(x))
        above = "" if floor is None else f", {float(best.mean()) - floor:.3f} above the entropy"
        said = f"{float(best.mean()):.2f} ± {error:.2f} nats ({float(best.mean()) / math.log(2):.2f} bits){above}"
        figure.update_xaxes(type="log", tickvals=evaluations, title={"text": "evaluations", "standoff": 2})
        figure.update_layout(title={"text": said, **SMALL}, margin={"t": 26, "b": 34})
        return figure
