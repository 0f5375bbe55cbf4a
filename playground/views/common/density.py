"""Densities over the canvas: the model's, the data's and, where a model has none, a kernel estimate."""

import copy
import math
from abc import abstractmethod
from collections.abc import Callable, Generator

import numpy as np
import torch
from torch import Tensor

from playground.data.canvas import HALF
from playground.families import ideal
from playground.families.capabilities import Adversarial, ExactField, VelocityField, can
from playground.scene import encode
from playground.scene.scene import Scene, cell_centres
from playground.training.likelihood import has_likelihood, log_prob_in_pieces
from playground.training.pool import TrainingData
from playground.views.base import Measured, SlowLayer
from playground.views.law import best_width, law_of
from playground.views.time.fields import HEAT, TIMES

STEPS = 15
"""Steps of a map's ODE from noise to data. Of the shipped models of the face, the integral of the map differs from that
of an exact solution by less than .002 (10 steps: .011)."""

IMPORTANCE_SAMPLES = 256
KERNELS = 1000
CELL = 2 * HALF / HEAT
ROWS = 256

Map = Generator[None, None, Tensor]
"""Computes the log-density of places (HEAT², 2), in pieces: (HEAT²,)."""


class DensityMap(SlowLayer):
    """A density on the canvas: at one time or, of a whole picture, at all TIMES. Its shades go with its square root, so
    that thin parts can be seen beside dense ones."""

    name: str
    colour = "map"

    def work(self, scene: Scene, whole: bool) -> Generator[Measured | None, None, None]:
        places, scale = cell_centres(HEAT).to(scene.run.device), np.array(scene.run.normalizer.scale)
        moves, log_density = can(scene.model, VelocityField), self.log_density(scene)

        def at(t: float) -> Generator[None, None, np.ndarray]:
            found = yield from log_density(places, t)
            return found.exp().reshape(HEAT, HEAT).float().cpu().numpy()

        if not (whole and moves):
            now = yield from at(scene.look.time if moves else 1.0)
            yield {"density": now, "scale": scale}
            return
        maps = []
        for t in TIMES:
            maps.append((yield from at(float(t))))
        yield {"density": np.stack(maps), "times": TIMES, "scale": scale}

    @abstractmethod
    def log_density(self, scene: Scene) -> Callable[[Tensor, float], Map]:
        """The log-density at places and a time, of the scene as it is now."""

    def draw(self, measured: Measured):
        density = np.nan_to_num(measured["density"])
        most = np.maximum(density.max(axis=(-2, -1), keepdims=True), 1e-9)
        high = most[..., 0, 0] * measured["scale"] ** 2  # in the data's own coordinates
        bar = encode.bar(f"{self.name}, ∫ = {integral(density)}", 0.0, high)
        return encode.heat(np.sqrt(density / most), measured.get("times", ()), span=(0, 1), bar=bar)


def integral(density: np.ndarray) -> str:
    """The integral over the canvas of densities (…, HEAT, HEAT): the number, or the smallest and the largest."""
    found = density.sum(axis=(-2, -1)) * CELL**2
    low, high = f"{found.min():.2f}", f"{found.max():.2f}"
    return low if low == high else f"{low}–{high}"


class ModelDensity(DensityMap):
    title = "Model density"
    name = "Model"
    help = (
        "How much probability the model gives each place. Over the whole plane it integrates to 1; what is missing "
        "lies off the canvas, or between the cells. Half the shade is a quarter of the density."
    )

    def suits(self, family: object, kind=None) -> bool:
        return super().suits(family, kind) and has_likelihood(family)

    def log_density(self, scene: Scene) -> Callable[[Tensor, float], Map]:
        model = copy.deepcopy(scene.model)

        def at(places: Tensor, t: float) -> Map:
            found = yield from log_prob_in_pieces(
                model, places, t=t, steps=max(1, math.ceil(STEPS * t)), samples=IMPORTANCE_SAMPLES
            )
            return found[0]

        return at


class TrueDensity(DensityMap):
    title = "True density"
    name = "Data"
    help = "The density that the data, or the chosen class, come from, noised as they are at this time."
    learned = False

    def applies(self, scene: Scene) -> bool:
        known = can(scene.model, ExactField) or not can(scene.model, VelocityField)  # on the way from noise to data
        return known and scene.run.experiment.dataset.distribution.gaussians() is not None

    def state(self, scene: Scene) -> tuple:
        return (scene.run.edits,)

    def log_density(self, scene: Scene) -> Callable[[Tensor, float], Map]:
        levels = scene.model.levels if can(scene.model, ExactField) else lambda t: (torch.ones_like(t), 0 * t)
        data, label = TrainingData.of(scene.run.experiment), scene.label

        def at(places: Tensor, t: float) -> Map:
            law = (yield from law_of.ahead_of(data)).density
            alpha, sigma = levels(torch.full((len(places),), t, dtype=torch.float64))
            return (yield from in_rows(places.double().cpu(), alpha, sigma, law.of_class(label)))

        return at


class KernelEstimate(DensityMap):
    title = "Kernel estimate"
    name = "Kernels"
    help = (
        "A GAN has samples, but no density that could be computed. This is an estimate: a Gaussian around each of "
        f"{KERNELS:,} samples, as wide as makes each most likely given the others."
    )
    needs = Adversarial

    def log_density(self, scene: Scene) -> Callable[[Tensor, float], Map]:
        samples = scene.model.sample(KERNELS, scene.rng()).double().cpu()

        def at(places: Tensor, t: float) -> Map:
            width = max(CELL / 2, (yield from best_width(samples)))
            smoothed = ideal.points(samples)
            law = ideal.MixtureDensity(samples, torch.full_like(smoothed.weights, width), smoothed.weights)
            ones = torch.ones(len(places), dtype=torch.float64)
            return (yield from in_rows(places.double().cpu(), ones, 0 * ones, law))

        return at


def in_rows(places: Tensor, alpha: Tensor, sigma: Tensor, law: ideal.MixtureDensity) -> Map:
    """`ideal.log_density`, in pieces."""
    found = []
    for rows in zip(places.split(ROWS), alpha.split(ROWS), sigma.split(ROWS), strict=True):
        found.append(ideal.log_density(*rows, law))
        yield
    return torch.cat(found)
