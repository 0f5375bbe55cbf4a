"""The identity that makes flow matching possible: the conditional objective has the gradient of the marginal one, which
can't be computed for a whole data set (Lipman et al. 2022, arXiv 2210.02747, theorem 2). Of a few hundred, it can."""

import copy
import math
from collections.abc import Generator
from typing import Any

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from playground.data.kinds import Kind
from playground.families.capabilities import ConditionalPaths, ExactField, can
from playground.families.paths import LATEST
from playground.scene.scene import Scene
from playground.views.base import Figure
from playground.views.charts import in_words, styled

DATA = 512
"""Training points that are taken for all data."""

BATCH = 512
BATCHES = 512
"""Batches over which gradients are averaged."""

MOMENTS = np.unique(np.geomspace(1, BATCHES, 28).round().astype(int))
"""Numbers of batches at which averages are compared."""


class GradientIdentity(Figure):
    title = "Two objectives, one gradient"
    help = (
        "Averaged over batches, the gradient of the conditional objective (orange) becomes that of the marginal one "
        f"(blue), here of {DATA} training points: their cosine, and below it the relative error left of each mean."
    )
    needs = ConditionalPaths

    def suits(self, family: object, kind: Kind | None = None) -> bool:
        return super().suits(family, kind) and can(family, ExactField)

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        model: Any = copy.deepcopy(scene.model).double().requires_grad_(True)
        data = scene.run.pool[:DATA].double()
        conditional, marginal = [], []
        generator = torch.Generator(data.device).manual_seed(0)
        for _ in range(BATCHES):
            ours, theirs = gradients(model, data, generator)
            conditional.append(ours)
            marginal.append(theirs)
            yield
        return drawn(torch.stack(conditional), torch.stack(marginal))


def gradients(model: Any, data: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """The gradients (parameters,) of the conditional and of the marginal regression, at the same places on paths from
    noise to the data (n, dim). The times end before the exact field becomes singular."""
    x1 = data[torch.randint(len(data), (BATCH,), generator=generator, device=data.device)]
    pairs = model.path.coupling(x1, None, generator)
    t, _, _ = model.path.draw(pairs, generator)
    t = t.to(x1).clamp(max=LATEST)
    x_t, u_t = model.path.at(pairs.x0, pairs.x1, t)
    learned, parameters = model.velocity(x_t, t), [p for p in model.parameters() if p.requires_grad]

    def gradient(target: Tensor) -> Tensor:
        loss = (learned - target).square().mean()
        found = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
        return torch.cat([g.flatten() for g in found if g is not None])

    with torch.enable_grad():
        return gradient(u_t), gradient(model.exact_velocity(x_t, t, data))


def cosine(a: Tensor, b: Tensor) -> float:
    return float((a @ b) / (a.norm() * b.norm()).clamp(min=1e-300))


def uncertainty(gradients: Tensor) -> Tensor:
    """The standard error of the mean of the first k gradients (n, parameters), relative to the length of the mean of
    all, for k in MOMENTS: the root of their variance, summed over parameters, over k."""
    variance = gradients.var(0).sum()
    return (variance / torch.as_tensor(MOMENTS, device=gradients.device)).sqrt() / gradients.mean(0).norm()


def drawn(conditional: Tensor, marginal: Tensor) -> go.Figure:
    """The figure of the gradients (BATCHES, parameters) of the two objectives."""
    if not (conditional.isfinite().all() and marginal.isfinite().all()):
        raise ValueError("The gradients are no numbers: the model has blown up.")
    sums = [gradients.cumsum(0)[MOMENTS - 1] for gradients in (conditional, marginal)]
    cosines = [cosine(ours, theirs) for ours, theirs in zip(*sums, strict=True)]
    ratio = float(sums[0][-1].norm() / sums[1][-1].norm())
    figure, x = styled(go.Figure()), MOMENTS.tolist()
    line = {"mode": "lines", "line": {"width": 2}}
    hover = "%{x} batches: cosine %{y:.4f}<extra></extra>"
    figure.add_scatter(x=x, y=cosines, meta="accent", hovertemplate=hover, **line)
    scatter = [uncertainty(gradients).tolist() for gradients in (conditional, marginal)]
    for colour, name, values in zip(("samples", "data"), ("conditional", "marginal"), scatter, strict=True):
        hover = f"{name}, %{{x}} batches: %{{y:.2g}}<extra></extra>"
        figure.add_scatter(x=x, y=values, meta=colour, yaxis="y2", name=name, hovertemplate=hover, **line)
    more = (scatter[0][0] / scatter[1][0]) ** 2
    length = f"Cosine {cosines[-1]:.4f}, {ratio:.3f} times as long."
    said = f"{length}<br>The conditional one has {more:.2g} times the variance."
    figure.update_xaxes(type="log", tickvals=[1, 4, 16, 64, 256], title={"text": "batches", "standoff": 2}, anchor="y2")
    figure.update_layout(
        yaxis={"domain": [0.56, 1], "nticks": 4, "range": [min(0, *cosines), 1.05]},
        title=in_words(said, 280),
        height=280,
        margin={"t": 40, "b": 34},
    )
    low, high = (math.log10(bound) for bound in (min(scatter[1]) / 1.5, max(scatter[0]) * 1.5))
    plain = {"zeroline": False, "fixedrange": True, "type": "log", "range": [low, high], "dtick": 1}
    return figure.update_layout(yaxis2={"domain": [0, 0.44]} | plain)
