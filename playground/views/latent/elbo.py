"""The ELBO's rate and distortion, the rate of each latent dimension, and which dimensions are inactive."""

import math
from collections.abc import Generator, Iterator

import torch

from playground.data import AnyData
from playground.data.kinds import ANY, Kind
from playground.families.capabilities import LatentVariable
from playground.families.vae.latent_space import REASONS, Reason
from playground.families.vae.vae import ELBO
from playground.scene.scene import Scene
from playground.views.base import Chart, Note
from playground.views.charts import line_over_training, lines_over_training
from playground.views.gradual import gradual
from playground.views.latent.plane import data

POINTS = 1024
ENTROPY_POINTS, PARTS = 20_000, 16
"""Points in the entropy of the data, and into how many parts they are divided. All at once take a tenth of a second."""

DIMENSIONS = 8
"""Most latent dimensions that have a line of their own."""


@torch.no_grad()
def bound(scene: Scene) -> ELBO:
    """Rate, distortion and the rate of each dimension on the scene's data, in nats in canvas coordinates, with the same
    noise in every frame."""
    return scene.model.elbo(data(scene, POINTS), torch.Generator(scene.run.device).manual_seed(0))


def log_det_scale(scene: Scene) -> float:
    """The term that converts −log p from canvas coordinates to the data's own, in nats. It is added."""
    return -scene.model.dim * math.log(scene.run.normalizer.scale)


@gradual
def entropy(dataset: AnyData) -> Generator[None, None, float]:
    """The entropy of data of known density, in nats."""
    found = 0.0
    for seed in range(PARTS):
        yield
        found += dataset.distribution.entropy(ENTROPY_POINTS // PARTS, seed) / PARTS
    return found


class Elbo(Chart):
    title = "Negative ELBO (nats)"
    help = (
        "−ELBO with β = 1 on fresh data, in nats in the data's own coordinates. The floor is the entropy of the "
        "data, where their density is known."
    )
    needs = LatentVariable
    kinds = ANY
    unit = "nats"

    def explain(self, family: object, kind: Kind) -> str:
        return "−ELBO with β = 1 on held-out images, in nats." if kind == "images" else self.help

    def measure(self, scene: Scene) -> dict[str, float]:
        found = bound(scene)
        return {
            "elbo": float(found.rate + found.distortion) + log_det_scale(scene),
            "rate": float(found.rate),
            "distortion": float(found.distortion) + log_det_scale(scene),
        } | {f"kl_{i + 1}": float(kl) for i, kl in enumerate(found.kl[:DIMENSIONS])}

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        dataset = scene.run.experiment.dataset
        return entropy.ahead(dataset) if dataset.distribution.has_density else iter(())

    def floors(self, scene: Scene) -> dict[str, float]:
        dataset = scene.run.experiment.dataset
        return {"elbo": entropy(dataset)} if dataset.distribution.has_density else {}

    def draw(self):
        return line_over_training("elbo", self.title)


class RateDistortion(Chart):
    title = "Rate and distortion"
    help = (
        "What the latents tell of a datum, and what they leave open, in nats; with the distortion in the data's own "
        "coordinates their sum is the negative ELBO. β is the price of the rate."
    )
    needs = LatentVariable
    kinds = ANY

    def measure(self, scene: Scene) -> dict[str, float]:
        return {}  # measured with the ELBO

    def floors(self, scene: Scene) -> dict[str, float]:
        return {}

    def draw(self):
        return lines_over_training({"rate": "rate@ink", "distortion": "distortion@soft"}, " nats")


class Dimensions(RateDistortion):
    title = "Rate of each latent"
    help = "KL of each latent dimension's posteriors from the prior, in nats: of the first eight. At 0 it is inactive."

    def draw(self):
        names = {f"z{i + 1}": f"kl_{i + 1}@class-{i}" for i in range(DIMENSIONS)}
        return lines_over_training(names, " nats")


class Active(Note):
    title = "Active units"
    help = "A latent is active if its posterior mean varies over the data by more than 0.01 (Burda et al., 2016)."
    needs = LatentVariable
    kinds = ANY

    @torch.no_grad()
    def measure(self, scene: Scene) -> dict[str, str]:
        x = data(scene, POINTS)
        active = scene.model.active_units(x)
        inactive = scene.model.inactive_units(x, torch.Generator(x.device).manual_seed(0))
        reasons: dict[Reason, list[str]] = {}
        for unit in inactive:
            reasons.setdefault(unit.reason, []).append(f"z{unit.dimension + 1}")
        told = [
            f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} inactive (posterior collapse). {REASONS[reason]}"
            for reason, names in reasons.items()
        ]
        return {
            "value": f"{int(active.sum())} of {len(active)}",
            "says": " ".join(told) or "All are active: each tells the decoder something of a datum.",
        }
