"""Samples of images beside the training images that are nearest to them: whether a model repeats what it saw."""

import torch

from playground.data.kinds import IMAGES
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured
from playground.views.common.images import SIDE, of, tile_places

PAIRS = SIDE * SIDE // 2


class NearestImages(Layer):
    title = "Nearest images"
    help = "Beside each sample, on its right, the training image nearest to it in its pixels: of all."
    kinds = IMAGES
    layouts = ("nearest",)
    colour = "samples"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        samples = torch.as_tensor(scene.final_samples[:PAIRS], device=scene.run.device)
        known = scene.run.pool
        found = known[torch.cdist(samples.nan_to_num(0), known).argmin(1)]
        return {"samples": of(scene, scene.final_samples, PAIRS), "nearest": of(scene, found.cpu().numpy(), PAIRS)}

    def draw(self, measured: Measured):
        xy, side = tile_places(SIDE, SIDE)
        xy = xy.reshape(-1, 2, 2)[: len(measured["samples"])]
        return [
            encode.tiles(measured["samples"], xy[:, 0], side, self.colour)
            | {"title": "a sample, and the training image nearest to it"},
            encode.tiles(measured["nearest"], xy[:, 1], side, "ink"),
        ]
