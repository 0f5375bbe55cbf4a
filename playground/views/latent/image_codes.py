"""Encoder and decoder on images: reconstructions, the decoded latent plane, and interpolations between two images."""

import torch

from playground.data.canvas import HALF
from playground.data.kinds import IMAGES
from playground.families.capabilities import LatentVariable
from playground.scene import encode
from playground.scene.scene import Scene, cell_centres
from playground.views.base import Layer, Measured
from playground.views.common.images import GAP, SIDE, image_grid, of, tile_places
from playground.views.latent.plane import Plane, data, plane, posteriors

CELLS = 10
"""Images along each side of the decoded plane."""

REACH = 2.5
"""The decoded plane spans [−REACH, REACH] in each latent. A standard Gaussian has 1% of its mass outside."""

STEPS = 6
"""Images in an interpolation, besides its two ends."""


class ImageReconstructions(Layer):
    title = "Reconstructions"
    help = "What the decoder makes of each held-out image's code, in the same order: what is lost is the blur."
    needs = LatentVariable
    kinds = IMAGES
    layouts = ("tiles",)
    panel = 2
    colour = "ink"
    default_on = True

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        return {"images": of(scene, scene.model.reconstruct(data(scene, SIDE**2)).cpu().numpy())}

    def draw(self, measured: Measured):
        return image_grid(measured["images"], self.colour) | {"title": "reconstructions"}


class DecodedPlane(Layer):
    title = "Decoded plane"
    help = "What the decoder makes of places spread evenly over the latent plane, each image at its place."
    needs = LatentVariable
    kinds = IMAGES
    layouts = ("codes",)
    colour = "samples"
    default_on = True

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        at = plane(scene)
        decoded = scene.model.decode(at.lift(cell_centres(CELLS).to(scene.run.device) * magnified(at)))
        return {"images": of(scene, decoded.cpu().numpy(), CELLS**2)}

    def draw(self, measured: Measured):
        side = (1 - GAP) * 2 * HALF / CELLS
        tiles = encode.tiles(measured["images"], cell_centres(CELLS).numpy(), side, self.colour)
        return tiles | {"title": f"Decoded, from −{REACH} to {REACH}"}


def magnified(at: Plane) -> float:
    """The share of the latent plane's side length that the decoded plane shows."""
    return REACH / at.half


class Interpolations(Layer):
    title = "Interpolations"
    help = "Each row leads from a held-out image (left) to another (right); between them, codes on the straight line."
    needs = LatentVariable
    kinds = IMAGES
    layouts = ("interpolation",)
    panel = 1
    colour = "samples"
    default_on = True

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        mean, _ = posteriors(scene, 2 * SIDE)
        found = [scene.model.interpolate(a, b, "linear", STEPS) for a, b in zip(mean[::2], mean[1::2], strict=True)]
        decoded = scene.model.decode(torch.cat(found)).cpu().numpy()
        ends = of(scene, scene.data, 2 * SIDE)
        return {"ends": ends, "images": of(scene, decoded, SIDE * STEPS)}

    def draw(self, measured: Measured):
        xy, side = tile_places(SIDE, STEPS + 2)
        xy = xy.reshape(SIDE, STEPS + 2, 2)
        return [
            encode.tiles(measured["ends"], xy[:, [0, -1]].reshape(-1, 2), side, "data")
            | {"title": "from one image to another"},
            encode.tiles(measured["images"], xy[:, 1:-1].reshape(-1, 2), side, self.colour),
        ]
