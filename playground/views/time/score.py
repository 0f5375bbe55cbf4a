"""The score ∇ log p_t(x): the learned one, the exact one, and the error."""

from collections.abc import Generator

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from playground.data.canvas import HALF
from playground.experiment import POOL
from playground.families import ideal
from playground.families.capabilities import Denoiser
from playground.families.conditioning import CLASSES
from playground.families.diffusion.schedules import alpha_sigma
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Figure, Layer, Measured
from playground.views.charts import styled
from playground.views.time.fields import ARROWS, over_time

MOST = 2048
"""Most training points in the exact score, if the data have no density in closed form."""
CELLS = 32
PLACES = 512
MOMENTS = 25


def truth(scene: Scene) -> Tensor | ideal.MixtureDensity:
    """The distribution that defines the exact score, in canvas coordinates: the data's density, if it is a mixture of
    Gaussians (in closed form or by quadrature) and training draws from a full pool; otherwise the training points."""
    run, normalizer = scene.run, scene.run.normalizer
    pool, device = run.pool, run.device
    if scene.label is not None:
        pool = pool[run.labels.clamp(max=CLASSES - 1) == scene.label]
    gaussians = run.experiment.dataset.distribution.gaussians() if len(pool) == POOL else None
    if gaussians is None:
        return pool[:MOST] if len(pool) else run.pool[:MOST]

    def tensor(values: np.ndarray) -> Tensor:
        return torch.as_tensor(values, dtype=torch.float32, device=device)

    means = tensor(normalizer.to_canvas(gaussians.means))
    return ideal.MixtureDensity(means, tensor(gaussians.sigmas * normalizer.scale), tensor(gaussians.weights))


def evenly_long(vectors: np.ndarray) -> np.ndarray:
    """Arrows (k, n, n, 2) or (n, n, 2), scaled at each time so that the longest is 1. Scores diverge towards the data,
    so only their directions are comparable over time."""
    longest = np.linalg.norm(vectors, axis=-1).max(axis=(-2, -1), keepdims=True)
    return vectors / np.maximum(longest, 1e-9)[..., None]


class Score(Layer):
    title = "Score"
    help = "The learned score, the direction in which noised data become denser; arrows are to scale at each time."
    needs = Denoiser
    default_on = True
    layouts = ("score",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        return over_time(scene, whole, ARROWS, scene.model.score)

    def draw(self, measured: Measured):
        return encode.arrows(evenly_long(measured["values"]), self.colour, measured["times"])


class ExactScore(Layer):
    title = "Exact score"
    help = "The score of the density that the data come from, where it has a closed form, else of the training points."
    needs = Denoiser
    colour = "data"
    layouts = ("score",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        model, data = scene.model, truth(scene)
        return over_time(scene, whole, ARROWS, lambda x, t: model.score(x, t, model.exact_denoise(x, t, data)))

    def draw(self, measured: Measured):
        return encode.arrows(evenly_long(measured["values"]), self.colour, measured["times"])


class ScoreError(Layer):
    title = "Score error"
    help = "Where the learned score is most wrong at this time: its error, weighted with how dense points are there."
    needs = Denoiser
    colour = "map"
    default_on = True
    layouts = ("score",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        model, data = scene.model, truth(scene)

        def error(x: Tensor, t: Tensor) -> Tensor:
            alpha, sigma = alpha_sigma(model.log_snr(t))
            # The density is blurred to at least the size of a cell, since the grid would miss a narrower one.
            density = ideal.log_density(x, alpha, sigma.clamp(min=2 * HALF / CELLS), data)
            return noise_error(model, x, t, data) * ((density - density.max()) / 2).exp()

        return over_time(scene, whole, CELLS, error)

    def draw(self, measured: Measured):
        values = measured["values"]
        most = np.maximum(values.max(axis=(-2, -1), keepdims=True), 1e-9)
        bar = encode.bar("Error, in units of the noise", 0.0, most[..., 0, 0])
        return encode.heat(values / most, measured["times"], span=(0, 1), bar=bar)


def noise_error(model, x: Tensor, t: Tensor, data: Tensor | ideal.MixtureDensity) -> Tensor:
    """σ ‖s − s*‖ (n,) at x (n, dim) and t (n,): the error of the score in units of the noise, so of order 1."""
    _, sigma = alpha_sigma(model.log_snr(t))
    exact = model.exact_denoise(x, t, data)
    return sigma * (model.score(x, t) - model.score(x, t, exact)).norm(dim=1)


class ScoreOverTime(Figure):
    title = "Error of the score"
    help = "Over noised data, in units of the noise: 0 would be exact, 1 knows nothing."
    needs = Denoiser
    auto = True
    at_time = True

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        model, data, device = scene.model, truth(scene), scene.run.device
        generator = torch.Generator(device).manual_seed(0)
        x0 = torch.as_tensor(scene.reference[:PLACES], device=device)
        if not isinstance(data, ideal.MixtureDensity) and scene.label is None:
            x0 = data[torch.randint(len(data), (PLACES,), generator=generator, device=device)]
        times, errors = np.linspace(0, 0.98, MOMENTS), []
        for moment in times:
            t = torch.full((len(x0),), float(moment), device=device)
            noise = torch.randn(x0.shape, generator=generator, device=device)
            with torch.no_grad():
                error = noise_error(model, model.noised(x0, noise, t), t, data)
            errors.append(float(error.square().mean().div(2).sqrt()))  # root mean square per dimension
            yield
        figure = go.Figure()
        hover = "t = %{x:.2f}: %{y:.3f}<extra></extra>"
        figure.add_scatter(
            x=times.tolist(), y=errors, mode="lines", meta="samples", line={"width": 2}, hovertemplate=hover
        )
        styled(figure)
        figure.update_yaxes(type="log", tickvals=[1e-3, 1e-2, 0.1, 1], ticktext=[".001", ".01", ".1", "1"])
        figure.update_xaxes(
            tickvals=[0, 0.5, 1], ticktext=["noise", "½", "data"], ticklabeloverflow="allow", range=[0, 1]
        )
        return figure
