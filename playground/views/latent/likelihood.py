"""Figures of the likelihood, measured on demand: importance sampling, and rate and distortion over β."""

import copy
import math
from collections.abc import Generator

import numpy as np
import plotly.graph_objects as go
import torch
from torch import Tensor

from playground.data.kinds import ANY, Kind
from playground.families.capabilities import LatentVariable
from playground.scene.scene import Scene
from playground.views.base import Figure
from playground.views.charts import nats_over, styled
from playground.views.latent.elbo import log_det_scale

IMPORTANCE_SAMPLES = (1, 5, 50, 500, 5000)
POINTS = 250
TEST_SEED = 1_000_000
"""Seeds from here on are those of test points, which no training uses."""

BETAS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
TUNING = 250
"""Training steps at each β."""

BATCH = 256
LEARNING_RATE = 2e-3


def test_points(scene: Scene, n: int) -> Tensor:
    return torch.as_tensor(scene.fresh(n, TEST_SEED + scene.run.experiment.seed), device=scene.run.device)


def exact(scene: Scene, x: Tensor) -> float | None:
    """The mean −log p of the points x under the data's exact density, in nats in the data's own coordinates. It is the
    floor for every model. None if the density is unknown."""
    distribution = scene.run.experiment.dataset.distribution
    if not distribution.has_density:
        return None
    return -float(distribution.log_density(scene.run.normalizer.from_canvas(x.cpu().double().numpy())).mean())


class Likelihood(Figure):
    title = "Log-likelihood"
    help = (
        "−log p of 250 fresh points by importance sampling, in nats: the bound of one latent for each (left) falls "
        "with more, up to 5,000. Dashed: the entropy on the same points. Of a drawing, the points are its own."
    )
    needs = LatentVariable
    kinds = ANY

    def explain(self, family: object, kind: Kind) -> str:
        of_images = self.help.replace("fresh points by", "held-out images by").rpartition(" Dashed")[0]
        return of_images if kind == "images" else self.help

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        x, model = test_points(scene, POINTS), copy.deepcopy(scene.model)
        generator = torch.Generator(x.device).manual_seed(0)
        bounds = []
        for point in x[:, None]:
            with torch.no_grad():
                weights = model.log_weights(point, IMPORTANCE_SAMPLES[-1], generator)[:, 0]
            bounds.append([float(k_samples(weights, k)) for k in IMPORTANCE_SAMPLES])
            yield
        values = np.array(bounds)
        if not np.isfinite(values).all():
            raise ValueError("The likelihood of some points is no number: the model has blown up.")
        nats, error = log_det_scale(scene) - values.mean(0), values[:, -1].std() / math.sqrt(POINTS)
        floor = exact(scene, x)
        above = "" if floor is None else f", {nats[-1] - floor:.2f} above the entropy"
        said = f"{nats[-1]:.2f} ± {error:.2f} nats{above}"
        return nats_over(IMPORTANCE_SAMPLES, {"samples": nats.tolist()}, floor, "samples", said)


def k_samples(log_weights: Tensor, k: int) -> Tensor:
    """Burda et al.'s bound with k samples, averaged over all disjoint groups of k log weights (n,): a scalar."""
    groups = log_weights[: len(log_weights) // k * k].reshape(-1, k)
    return (groups.logsumexp(1) - math.log(k)).mean()


class OverBeta(Figure):
    title = "Rate and distortion over β"
    help = (
        "The model as it stands goes on for 250 steps at each β, up and down from its own (ring); trained from the "
        "start it could do better. In nats; dashed: rate + distortion = entropy."
    )
    needs = LatentVariable
    kinds = ANY

    def explain(self, family: object, kind: Kind) -> str:
        return (
            self.help.replace("In nats; dashed: rate + distortion = entropy.", "In nats.")
            if kind == "images"
            else self.help
        )

    def measure(self, scene: Scene) -> Generator[None, None, go.Figure]:
        x, now = test_points(scene, 2000), scene.model.config.beta
        found = {now: rate_distortion(scene.model, x)}
        for betas in (sorted(b for b in BETAS if b > now), sorted((b for b in BETAS if b < now), reverse=True)):
            model = copy.deepcopy(scene.model).requires_grad_(True)
            for beta in betas:
                yield from tune(model, beta, scene.run.pool)
                found[beta] = rate_distortion(model, x)
                yield
        betas, shift = sorted(found, reverse=True), log_det_scale(scene)
        rates, distortions = np.array([found[beta] for beta in betas]).T
        if not np.isfinite(rates + distortions).all():
            raise ValueError("Rate or distortion is no number: the model has blown up.")
        figure = styled(go.Figure())
        figure.add_scatter(
            x=rates.tolist(),
            y=(distortions + shift).tolist(),
            mode="lines+markers",
            text=[f"β = {beta:g}" for beta in betas],
            meta="samples",
            marker={"symbol": ["circle-open" if beta == now else "circle" for beta in betas], "size": 8},
            hovertemplate="%{text}: rate %{x:.2f}, distortion %{y:.2f}<extra></extra>",
        )
        floor = exact(scene, x)
        if floor is not None:
            ends = np.array([0, rates.max()])
            figure.add_scatter(
                x=ends.tolist(),
                y=(floor - ends).tolist(),
                mode="lines",
                line={"dash": "dash"},
                meta="ink",
                hoverinfo="skip",
            )
        figure.update_layout(margin={"b": 34}, hovermode="closest")
        figure.update_xaxes(title={"text": "rate", "standoff": 2})
        figure.update_yaxes(title={"text": "distortion", "standoff": 2})
        return figure


@torch.no_grad()
def rate_distortion(model, x: Tensor) -> tuple[float, float]:
    bound = model.elbo(x, torch.Generator(x.device).manual_seed(0))
    return float(bound.rate), float(bound.distortion)


def tune(model, beta: float, pool: Tensor) -> Generator[None, None, None]:
    """Continue training at another β, without warm-up. The learning rate decays to zero along a cosine."""
    model.config = model.config.model_copy(update={"beta": beta, "warm_up": 0.0})
    generator = torch.Generator(pool.device).manual_seed(0)
    optimizer = torch.optim.Adam(model.parameters(), LEARNING_RATE)
    for step in range(TUNING):
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 + math.cos(math.pi * step / TUNING)) / 2
        chosen = torch.randint(len(pool), (BATCH,), generator=generator, device=pool.device)
        optimizer.zero_grad()
        model.loss(pool[chosen], generator).backward()
        optimizer.step()
        yield
