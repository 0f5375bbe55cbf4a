"""The sharpness of images: their gradient energy, relative to that of held-out images."""

import numpy as np
import torch
from torch import Tensor

from playground.data.kinds import IMAGES, Kind
from playground.families.capabilities import LatentVariable, can
from playground.scene.scene import Scene
from playground.views.base import Chart
from playground.views.charts import lines_over_training
from playground.views.latent.plane import data

ASKED = 600
"""Images measured of each kind (samples and held-out) during training."""


def energy(x: Tensor | np.ndarray, shape: tuple[int, ...]) -> float:
    """The gradient energy of images (n, dim) of shape (h, w) or (h, w, 3): the mean squared difference of horizontally
    or vertically adjacent pixels, over all images. Pixel values are not rescaled; they are in [−1, 1]."""
    images = torch.as_tensor(x).reshape(-1, *shape)
    pairs = torch.cat([images.diff(dim=1).flatten(), images.diff(dim=2).flatten()])
    return float(pairs.square().mean())


def reference_energy(scene: Scene) -> float:
    """The gradient energy of the scene's data, which are held out. It is the unit of the other energies."""
    if "energy" not in scene.kept:
        scene.kept["energy"] = energy(scene.data, scene.shape)
    return scene.kept["energy"]


class Sharpness(Chart):
    title = "Sharpness"
    help = (
        "Mean squared difference of neighbouring pixels, relative to held-out images. Dashed: the images that are "
        "learned from."
    )
    kinds = IMAGES

    def explain(self, family: object, kind: Kind) -> str:
        noise = " Noise counts, too, where samples are drawn with the decoder's; reconstructions have none."
        return self.help + (noise if can(family, LatentVariable) else "")

    @torch.no_grad()
    def measure(self, scene: Scene) -> dict[str, float]:
        found = {"sharpness": scene.final_samples[:ASKED]}
        if can(scene.model, LatentVariable):
            found["sharpness_back"] = scene.model.reconstruct(data(scene, ASKED)).cpu().numpy()
        return {name: energy(images, scene.shape) / reference_energy(scene) for name, images in found.items()}

    def floors(self, scene: Scene) -> dict[str, float]:
        return {"sharpness": energy(scene.run.pool.cpu(), scene.shape) / reference_energy(scene)}

    def draw(self):
        lines = {"samples": "sharpness@samples", "reconstructions": "sharpness_back@ink"}
        return lines_over_training(lines | {"data": "floor:sharpness@ink"})
