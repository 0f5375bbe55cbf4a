"""Sample quality against cost: the distance to the data over the number of network evaluations (NFE)."""

from abc import abstractmethod
from collections.abc import Generator
from itertools import pairwise
from math import log10
from typing import Any, NamedTuple

import plotly.graph_objects as go
import torch
from torch import Tensor

from playground.data.kinds import ANY, Kind
from playground.families.capabilities import Denoiser, Solved
from playground.families.conditioning import answers
from playground.families.diffusion.samplers import SAMPLERS
from playground.scene.scene import Scene
from playground.views.base import Figure
from playground.views.charts import TICKS, styled
from playground.views.common.judgement import judged, perfect_band
from playground.views.time.straightness import straightness

EVALUATIONS = (1, 2, 4, 6, 10, 20, 50, 100)
WORST = {"points": 40, "images": 300}
"""Upper limit of the vertical axis, in distances of a perfect model. That of images is squared."""
GREY = "rgba(128, 128, 128, 0.18)"

Samples = Generator[None, None, Tensor]
"""Computes samples (n, dim) in pieces of some milliseconds."""


class Line(NamedTuple):
    """A way to sample: its title, colour and dash, and samples of it by number of evaluations."""

    title: str
    colour: str
    dash: str
    samples: dict[int, Samples]


class QualityAgainstNFE(Figure):
    """The part that all have in common. Subclasses name the ways to sample that are compared."""

    title = "Quality against network evaluations (NFE)"
    judges = True
    kinds = ANY

    def explain(self, family: object, kind: Kind) -> str:
        return self.help.replace("Distance", "Fréchet distance") if kind == "images" else self.help

    @abstractmethod
    def lines(self, scene: Scene) -> list[Line]:
        """The ways to sample that are compared."""

    @abstractmethod
    def chosen(self, scene: Scene) -> int:
        """The number of evaluations of the present choice."""

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        figure = go.Figure()
        for title, colour, dash, samples in self.lines(scene):
            found = []
            for pieces in samples.values():
                found.append(judged(scene, (yield from pieces).cpu().numpy()))
            line = {"width": 2, "dash": dash}
            hover = f"{title}, %{{x}}: %{{y:.3f}}<extra></extra>"
            figure.add_scatter(
                x=list(samples), y=found, mode="lines+markers", meta=colour, line=line, name=title, hovertemplate=hover
            )
        perfect = yield from perfect_band(scene)
        mine = self.chosen(scene)
        ends = [1, max(EVALUATIONS[-1], mine)]
        figure.add_hrect(y0=perfect.low, y1=perfect.high, fillcolor=GREY, line_width=0, layer="below")
        dashed = {"width": 1.5, "dash": "dash"}
        figure.add_scatter(x=ends, y=[perfect.mean] * 2, mode="lines", meta="ink", line=dashed, name="perfect model")
        here = judged(scene, scene.final_samples)
        ring = {"size": 13, "symbol": "circle-open", "line": {"width": 3}}
        figure.add_scatter(x=[mine], y=[here], mode="markers", meta="accent", marker=ring, name="your choice")
        styled(figure).update_layout(height=270, showlegend=True, hovermode="closest", margin={"b": 92})
        figure.update_layout(legend={"orientation": "h", "y": -0.2, "x": -0.15, "font": {"size": 10}})
        figure.update_xaxes(type="log", tickvals=[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000])
        most = min(WORST[scene.kind] * perfect.mean, max(y for trace in figure.data for y in trace.y))
        figure.update_yaxes(type="log", tickvals=TICKS, range=[log10(perfect.low / 1.3), log10(most * 1.3)])
        return figure


class SamplersAgainstNFE(QualityAgainstNFE):
    help = (
        "Distance to the data against evaluations of the network for each sample, for five samplers. The band is where "
        "a perfect model is, the ring your present choice."
    )
    needs = Denoiser

    LINES = (
        ("ddpm", "class-1", "solid"),
        ("ddim", "class-2", "solid"),
        ("ode_heun", "class-3", "solid"),
        ("dpmpp_2m", "class-4", "dot"),
        ("edm_stochastic", "class-5", "dot"),
    )

    def lines(self, scene: Scene) -> list[Line]:
        found = []
        for name, colour, dash in self.LINES:
            sampler = SAMPLERS[name]
            steps = sorted({sampler.steps(n) for n in EVALUATIONS})
            samples = {sampler.evaluations(count): self._sampled(scene, name, count) for count in steps}
            found.append(Line(sampler.title, colour, dash, samples))
        return found

    def chosen(self, scene: Scene) -> int:
        return SAMPLERS[scene.model.sampler].evaluations(len(scene.model.times()) - 1)

    @torch.no_grad()
    def _sampled(self, scene: Scene, sampler: str, steps: int) -> Samples:
        model, generator = scene.model.with_sampler(sampler, steps), scene.rng()
        samples = scene.noise
        for places, _ in model.steps(scene.noise, lambda: model.noise(len(scene.noise), generator)):
            samples = places
            yield
        return samples


def evaluations(model: Any) -> int:
    """The evaluations of the field for each sample, guided or not."""
    return model.evaluations(model.config) // answers(model.label, model.config.guidance)


class SolversAgainstNFE(QualityAgainstNFE):
    help = (
        "Distance to the data against evaluations of the network for each sample, for several solvers. The straighter "
        "the paths, the fewer are needed: reflow makes them straight."
    )
    needs = Solved

    LINES = (
        ("euler", "Euler", "class-1", "solid"),
        ("midpoint", "midpoint", "class-3", "solid"),
        ("rk4", "RK4", "class-4", "dot"),
        ("mean_flow", "mean flow", "class-2", "solid"),
    )

    def lines(self, scene: Scene) -> list[Line]:
        found = []
        for name, title, colour, dash in self.LINES:
            if name in scene.model.solvers:
                each = evaluations(scene.model.with_solver(name, 1))
                counts = [n for n in EVALUATIONS if n % each == 0]
                found.append(Line(title, colour, dash, {n: self._sampled(scene, name, n // each) for n in counts}))
        return found

    def chosen(self, scene: Scene) -> int:
        return evaluations(scene.model)

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        figure = yield from super().measure(scene)
        bent = straightness(scene.paths, scene.paths_times) if len(scene.paths_times) > 2 else None
        if bent is not None:
            place = {"xref": "paper", "yref": "paper", "x": 1, "y": 1, "xanchor": "right", "yanchor": "top"}
            figure.add_annotation(text=f"bending of paths {bent:.2f}", showarrow=False, font={"size": 11}, **place)
        return figure

    @torch.no_grad()
    def _sampled(self, scene: Scene, solver: str, steps: int) -> Samples:
        model, x = scene.model.with_solver(solver, steps), scene.noise
        for interval in pairwise(model.times()):
            x = model.trajectory(x, torch.stack(interval))[-1]
            yield
        return model.decode(x)
