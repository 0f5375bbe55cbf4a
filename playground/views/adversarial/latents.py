"""A GAN's latents, and how the generator warps their plane."""

import numpy as np
import torch

from playground.data.distributions import Mixture
from playground.families.capabilities import Adversarial
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.adversarial.modes import known
from playground.views.base import Layer, Measured

CELLS = 20


def latents(scene: Scene) -> torch.Tensor:
    """The latents (count, latents) that the samples on the Stage are generated from."""
    return scene.model.latent(scene.count, scene.rng())


def first_two(z: torch.Tensor) -> np.ndarray:
    """The first two coordinates of latents (n, k), as positions (n, 2). If k is 1, the second is 0."""
    flat = torch.zeros(len(z), 2)
    flat[:, : min(2, z.shape[1])] = z[:, :2].cpu()
    return flat.numpy()


class Latents(Layer):
    title = "Latents"
    help = "What the samples are made of: the first two of their latents, coloured by the mode they come nearest to."
    needs = Adversarial
    colour = "noise"
    first_two = True
    layouts = ("latent_map",)
    panel = 1

    def measure(self, scene: Scene, whole: bool) -> Measured:
        measured = {"xy": first_two(latents(scene))}
        distribution = scene.run.experiment.dataset.distribution
        if isinstance(distribution, Mixture):  # otherwise the data layer has no colours for the modes
            modes = known(scene.run.experiment.dataset).modes
            x = scene.run.normalizer.from_canvas(scene.final_samples)
            away = np.hypot(*(x[:, None] - modes.means).transpose(2, 0, 1)) / modes.sigmas
            measured["labels"] = distribution.labels[away.argmin(1)]
        return measured

    def draw(self, measured: Measured):
        return encode.points(measured["xy"], self.colour, labels=measured.get("labels"))


class GeneratorGrid(Layer):
    title = "Latent grid"
    help = (
        "The plane of the first two latents as the generator bends it: dense where cells are dark. With more than two, "
        "it is the slice on which all others are 0."
    )
    needs = Adversarial
    colour = "map"
    layouts = ("overlay", "latent_map")

    def measure(self, scene: Scene, whole: bool) -> Measured:
        corners, density = scene.model.generator_grid(CELLS)
        # Densities span many powers of ten. Ranks give each shade an equal share of the cells.
        order = density.flatten().argsort().argsort().reshape(density.shape).float()
        opacity = 0.1 + 0.9 * order / order.numel() if scene.model.config.latents <= 2 else torch.zeros_like(order)
        return {"corners": corners.cpu().numpy(), "opacity": opacity.cpu().numpy()}

    def draw(self, measured: Measured):
        return encode.mesh(measured["corners"], measured["opacity"], self.colour)
