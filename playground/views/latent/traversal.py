"""What each latent does to an image, and the way from one sample to another, for whatever decodes latents."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from playground.data.kinds import IMAGES
from playground.families.capabilities import Adversarial, LatentVariable
from playground.families.vae.latent_space import spherical
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured
from playground.views.common.images import SIDE, of, tile_places
from playground.views.latent.plane import posteriors

COLUMNS = 9
"""Images of a row: an odd number, so that the latent is 0 in the middle."""

NAMED = 4
"""Most latents that a title names."""

REACH = 3.0
"""Latents go from −REACH to REACH standard deviations of the prior."""


class Traversal(Layer):
    """One latent moves along each row; the others stay."""

    kinds = IMAGES
    layouts = ("traversal",)
    colour = "samples"
    default_on = True

    def rows(self, scene: Scene) -> tuple[Tensor, list[int]]:
        """The latents (n, latents) of the image that is changed in each row, and the latent that moves."""
        raise NotImplementedError

    def decoded(self, scene: Scene, z: Tensor) -> Tensor:
        raise NotImplementedError

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        start, moving = self.rows(scene)
        z = start[:, None].repeat(1, COLUMNS, 1)
        values = torch.linspace(-REACH, REACH, COLUMNS, device=z.device)
        for row, latent in enumerate(moving):
            z[row, :, latent] = values
        made = self.decoded(scene, z.flatten(0, 1)).cpu().numpy()
        return {"images": of(scene, made, len(made)), "moving": np.array(moving)}

    def draw(self, measured: Measured):
        xy, side = tile_places(len(measured["moving"]), COLUMNS)
        moving = [f"z{latent + 1}" for latent in dict.fromkeys(measured["moving"].tolist())]
        names = ", ".join(moving if len(moving) <= NAMED else [*moving[: NAMED - 1], "…", moving[-1]])
        tiles = encode.tiles(measured["images"], xy, side, self.colour)
        return tiles | {"title": f"{names} from −{REACH:g} to {REACH:g}, one a row"}


class EncodedTraversal(Traversal):
    title = "Traversal"
    help = "Each row starts from the code of a held-out image, and moves one latent: the most active ones first."
    needs = LatentVariable

    def rows(self, scene: Scene) -> tuple[Tensor, list[int]]:
        mean, std = posteriors(scene)
        rate = ((mean.square() + std.square() - 1) / 2 - std.log()).mean(0).nan_to_num(0)
        order = torch.argsort(rate, descending=True, stable=True)[:SIDE].tolist()
        images = SIDE // len(order)
        return mean[:images].repeat_interleave(len(order), 0), order * images

    def decoded(self, scene: Scene, z: Tensor) -> Tensor:
        return scene.model.decode(z)


class GeneratedTraversal(Traversal):
    title = "Traversal"
    help = "Each row starts from the latents of a sample, and moves one of them: the first eight."
    needs = Adversarial
    layouts = ("latent_walks",)
    panel = 1

    def rows(self, scene: Scene) -> tuple[Tensor, list[int]]:
        z = scene.model.latent(SIDE, scene.rng())
        moving = list(range(min(SIDE, z.shape[1])))
        images = SIDE // len(moving)
        return z[:images].repeat_interleave(len(moving), 0), moving * images

    def decoded(self, scene: Scene, z: Tensor) -> Tensor:
        return scene.model.generate(z)


class GeneratedInterpolations(Layer):
    title = "Interpolations"
    help = "Each row leads from a sample to another, along the arc between their latents (White 2016)."
    needs = Adversarial
    kinds = IMAGES
    layouts = ("latent_walks",)
    colour = "samples"
    default_on = True

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        z = scene.model.latent(2 * SIDE, scene.rng())
        rows = [spherical(a, b, SIDE) for a, b in zip(z[::2], z[1::2], strict=True)]
        made: Any = scene.model.generate(torch.cat(rows))
        return {"images": of(scene, made.cpu().numpy(), SIDE**2)}

    def draw(self, measured: Measured):
        xy, side = tile_places(SIDE, SIDE)
        return encode.tiles(measured["images"], xy, side, self.colour) | {"title": "from one sample to another"}
