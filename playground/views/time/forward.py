"""The forward process: the random walk from data to noise, and the signal that is left over time."""

from collections.abc import Generator

import numpy as np
import plotly.graph_objects as go
import torch

from playground.families.capabilities import Denoiser
from playground.families.diffusion.schedules import forward_chain
from playground.scene import encode
from playground.scene.scene import Scene, between
from playground.views.base import Figure, Layer, Measured
from playground.views.charts import styled

TIMES = np.linspace(0, 1, 65)
"""Times at which walks are simulated. For the many points of a layer, the browser gets every fourth."""

POINTS = 1000
WALKS = 16
"""Points whose path is drawn."""

FADED = 0.02
"""Largest share of the signal left at t = 0 that can't be distinguished from pure noise. More triggers a warning."""


@torch.no_grad()
def walks(scene: Scene) -> np.ndarray:
    """The forward process of the first POINTS of the scene's data at TIMES: (len(TIMES), POINTS, 2). The same at each
    call, until the visitor asks for another draw."""
    x0 = torch.as_tensor(scene.data[:POINTS])
    falling = torch.as_tensor(TIMES[::-1].copy())
    noise = scene.rng(x0.device)
    return forward_chain(x0, scene.model.log_snr(falling).float(), noise).numpy()[::-1]


class Noised(Layer):
    title = "Noised data"
    help = "Data points on their way into noise: at each moment a little of the signal fades, and noise is added."
    needs = Denoiser
    colour = "data"
    default_on = True
    layouts = ("forward",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        left = np.array(scene.model.signal_left())
        more = {"labels": scene.labels[:POINTS], "left": left}
        if whole:
            return {"xy": walks(scene)[::4], "times": TIMES[::4]} | more
        return {"xy": between(walks(scene), TIMES, scene.look.time), "times": np.array([])} | more

    def draw(self, measured: Measured):
        labels = measured["labels"] if measured["labels"].any() else None
        warning = f"This never becomes noise: {measured['left']:.0%} of the signal is left."
        title = {"title": warning} if measured["left"] > FADED else {}
        return encode.points(measured["xy"], self.colour, times=measured["times"], labels=labels) | title


class Walks(Layer):
    title = "Trails"
    help = "The random walks of some data points into noise. Click a point to follow it."
    needs = Denoiser
    colour = "ink"
    default_on = True
    layouts = ("forward",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        return {"xy": walks(scene)[:, :WALKS]}

    def draw(self, measured: Measured):
        return encode.paths(measured["xy"], self.colour, TIMES, backwards=True)


class SignalToNoise(Figure):
    title = "Signal and noise"
    help = "The ratio α²/σ² of signal to noise over time: this is all that a noise schedule decides."
    needs = Denoiser
    auto = True
    at_time = True
    kinds = ("points", "images")

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        yield
        times = torch.linspace(0, 1, 101, dtype=torch.float64)
        figure = go.Figure()
        ratio = scene.model.log_snr(times).exp().tolist()
        hover = "t = %{x:.2f}: α²/σ² = %{y:.3g}<extra></extra>"
        figure.add_scatter(x=times.tolist(), y=ratio, mode="lines", meta="ink", line={"width": 2}, hovertemplate=hover)
        even = {"width": 1, "dash": "dot"}
        figure.add_scatter(x=[0, 1], y=[1, 1], mode="lines", meta="soft", line=even, hoverinfo="skip")
        styled(figure)
        figure.update_yaxes(type="log", tickvals=[1e-4, 1e-2, 1, 1e2, 1e4], tickformat=".0e", exponentformat="power")
        figure.update_xaxes(tickvals=[0, 0.5, 1], ticktext=["noise", "½", "data"], ticklabeloverflow="allow")
        left = scene.model.signal_left()
        if left > FADED:
            figure.layout.meta = {
                "warning": f"This schedule never reaches noise: {left:.0%} of the signal is left at its end, while "
                "sampling begins from pure noise. Set the end of noise to 1."
            }
        return figure
