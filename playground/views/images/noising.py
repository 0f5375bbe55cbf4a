"""Film strips of images that lose their signal: the paths that flows and diffusion models learn to go back."""

import numpy as np
import torch

from playground.data.kinds import IMAGES
from playground.families.capabilities import ExactField
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured
from playground.views.common.images import SIDE, STILLS, of, tile_places

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
        return {"images": of(scene, chain.numpy()), "times": TIMES}

    def draw(self, measured: Measured):
        images, times = measured["images"], measured["times"]
        stills = np.linspace(len(times) - 1, 0, STILLS).round().astype(int)
        xy, side = tile_places(SIDE, STILLS + 2)
        xy = xy.reshape(SIDE, STILLS + 2, 2)
        strip = images[stills].swapaxes(0, 1).reshape(-1, *images.shape[2:])
        return [
            encode.tiles(strip, xy[:, :STILLS].reshape(-1, 2), side, self.colour) | {"title": "from image to noise"},
            encode.tiles(images, xy[:, -1], side, self.colour, times),
        ]
