"""Film strips of images that lose their signal: the paths that flows and diffusion models learn to go back."""

import numpy as np
import torch

from playground.data.kinds import IMAGES
from playground.families.capabilities import ExactField
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured
from playground.views.common.images import SIDE, film, of, strips

TIMES = np.linspace(0, 1, 17)


class NoisedImages(Layer):
    title = "Noised images"
    help = "Held-out images, one a row, with more and more noise; the last of each row follows the slider."
    needs = ExactField
    kinds = IMAGES
    layouts = ("noising",)
    colour = "data"
    default_on = True

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        x, noise = torch.as_tensor(scene.data[:SIDE]), scene.noise[:SIDE].cpu()
        alpha, sigma = (level.float().cpu() for level in scene.model.levels(torch.as_tensor(TIMES)))
        chain = alpha[:, None, None] * x + sigma[:, None, None] * noise
        return film(of(scene, chain.numpy()), TIMES, None if whole else scene.look.time, backwards=True)

    def draw(self, measured: Measured):
        return strips(measured, self.colour, self.colour, "from image to noise")
