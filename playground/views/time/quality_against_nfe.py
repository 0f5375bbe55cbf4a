"""Sample quality against cost: the distance to the data over the number of network evaluations (NFE)."""

from collections.abc import Generator
from math import log10

import plotly.graph_objects as go
import torch

from playground.families.capabilities import Denoiser
from playground.families.diffusion.samplers import SAMPLERS
from playground.scene.scene import Scene
from playground.views.base import Figure
from playground.views.charts import TICKS, styled
from playground.views.common.distance import distance, distance_band

EVALUATIONS = (1, 2, 4, 6, 10, 20, 50, 100)
LINES = {
    "ddpm": ("class-1", "solid"),
    "ddim": ("class-2", "solid"),
    "ode_heun": ("class-3", "solid"),
    "dpmpp_2m": ("class-4", "dot"),
    "edm_stochastic": ("class-5", "dot"),
}
"""The samplers that are compared, each with its colour and dash."""
WORST = 40
"""Upper limit of the vertical axis, in distances of a perfect model."""
GREY = "rgba(128, 128, 128, 0.18)"


class QualityAgainstNFE(Figure):
    title = "Quality against network evaluations (NFE)"
    help = (
        "Distance to the data against evaluations of the network for each sample, for five samplers. The band is where "
        "a perfect model is, the ring your present choice."
    )
    needs = Denoiser
    judges = True
    kinds = ("points", "images")

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        model, figure = scene.model, go.Figure()
        for name, (colour, dash) in LINES.items():
            sampler = SAMPLERS[name]
            title = sampler.title
            steps = sorted({sampler.steps(n) for n in EVALUATIONS})
            asked, found = [sampler.evaluations(count) for count in steps], []
            for count in steps:
                found.append((yield from self._distance(scene, model.with_sampler(name, count))))
            line = {"width": 2, "dash": dash}
            hover = f"{title}, %{{x}}: %{{y:.3f}}<extra></extra>"
            figure.add_scatter(
                x=asked, y=found, mode="lines+markers", meta=colour, line=line, name=title, hovertemplate=hover
            )
        yield from distance_band.ahead(scene.run.experiment.dataset, scene.label)
        perfect = distance_band(scene.run.experiment.dataset, scene.label)
        mine = SAMPLERS[model.sampler].evaluations(len(model.times()) - 1)
        ends = [1, max(EVALUATIONS[-1], mine)]
        figure.add_hrect(y0=perfect.low, y1=perfect.high, fillcolor=GREY, line_width=0, layer="below")
        dashed = {"width": 1.5, "dash": "dash"}
        figure.add_scatter(x=ends, y=[perfect.mean] * 2, mode="lines", meta="ink", line=dashed, name="perfect model")
        here = distance(scene, scene.final_samples)
        ring = {"size": 13, "symbol": "circle-open", "line": {"width": 3}}
        figure.add_scatter(x=[mine], y=[here], mode="markers", meta="accent", marker=ring, name="your choice")
        styled(figure).update_layout(height=270, showlegend=True, hovermode="closest", margin={"b": 92})
        figure.update_layout(legend={"orientation": "h", "y": -0.2, "x": -0.15, "font": {"size": 10}})
        figure.update_xaxes(type="log", tickvals=[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000])
        most = min(WORST * perfect.mean, max(y for trace in figure.data for y in trace.y))
        figure.update_yaxes(type="log", tickvals=TICKS, range=[log10(perfect.low / 1.3), log10(most * 1.3)])
        return figure

    @torch.no_grad()
    def _distance(self, scene: Scene, model) -> Generator[None, None, float]:
        generator = scene.rng()
        samples = scene.noise
        for places, _ in model.steps(scene.noise, lambda: model.noise(len(scene.noise), generator)):
            samples = places
            yield
        return distance(scene, samples.cpu().numpy())
