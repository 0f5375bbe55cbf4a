"""What pairing noise with data by optimal transport within batches costs, against how many are coupled at once."""

import math
from collections.abc import Generator
from itertools import islice

import numpy as np
import plotly.graph_objects as go
import torch

from playground.families.capabilities import ConditionalPaths
from playground.scene.scene import Scene
from playground.views.base import Figure
from playground.views.charts import in_words, styled
from playground.views.matching.coupling import batches, best_cost, cost

SIZES = (8, 16, 32, 64, 128, 256, 512)
POINTS = 2048
"""Points of noise and of data, which are divided into batches of each size."""


class TransportCost(Figure):
    title = "Transport cost of pairs"
    help = (
        "Mean squared distance of noise and data, paired by optimal transport (orange): more points coupled at once "
        "come nearer to all of them (dashed, extrapolated). Grey are independent pairs, the ring is your coupling."
    )
    needs = ConditionalPaths

    @torch.no_grad()
    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        scale, size = scene.run.normalizer.scale**2, scene.model.config.batch_size
        pairs, mine = [], []
        for batch in islice(batches(scene, size), math.ceil(POINTS / size)):
            pairs.append(batch)
            mine.append(cost(batch.x0, batch.x1) / scale)
            yield
        x0, x1 = (torch.cat(ends)[:POINTS] for ends in zip(*((p.x0, p.x1) for p in pairs), strict=True))
        x0 = x0[torch.randperm(len(x0), generator=scene.rng(), device=x0.device)]  # uncoupled
        independent = float(torch.cdist(x0, x1).square().mean()) / scale
        costs = []
        for n in SIZES:
            found = []
            for noise, data in zip(x0.split(n), x1.split(n), strict=True):
                found.append(best_cost(noise, data) / scale)
                yield
            costs.append(float(np.mean(found)))
        # What a batch of n costs too much falls with 1 / n; the same points are in all batches, so that it is smooth.
        optimal = 2 * costs[-1] - costs[-2]
        return drawn(independent, costs, optimal, scene.model.coupled, float(np.mean(mine)))


def drawn(independent: float, costs: list[float], optimal: float, size: int, mine: float) -> go.Figure:
    figure, ends = styled(go.Figure()), [1, SIZES[-1]]
    flat = {"mode": "lines", "hovertemplate": "%{y:.3g}<extra></extra>"}
    figure.add_scatter(x=ends, y=[independent] * 2, meta="noise", line={"width": 2}, **flat)
    figure.add_scatter(x=ends, y=[optimal] * 2, meta="ink", line={"width": 1.5, "dash": "dash"}, **flat)
    hover = "%{x} at once: %{y:.3g}<extra></extra>"
    transported = {"x": [1, *SIZES], "y": [independent, *costs]}
    figure.add_scatter(**transported, mode="lines+markers", meta="samples", hovertemplate=hover)
    ring = {"size": 13, "symbol": "circle-open", "line": {"width": 3}}
    figure.add_scatter(x=[size], y=[mine], mode="markers", meta="accent", marker=ring, hovertemplate=hover)
    said = f"Yours: {mine:.3g}.<br>Independent: {independent:.3g}, optimal: {optimal:.3g}."
    figure.update_xaxes(type="log", tickvals=[1, *SIZES], title={"text": "coupled at once", "standoff": 2})
    figure.update_yaxes(rangemode="tozero", nticks=5)
    return figure.update_layout(title=in_words(said, 200), hovermode="closest", height=200, margin={"t": 44, "b": 34})
