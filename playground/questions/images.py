"""Three interpolations in the latent space between two images that a visitor picks, decoded."""

from collections.abc import Generator
from typing import Annotated, Any, ClassVar

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from playground.data.canvas import HALF
from playground.data.kinds import IMAGES
from playground.questions.base import Answer, Question
from playground.questions.latent import COLOURS, Pair, Place, class_name
from playground.scene import encode
from playground.scene.scene import Scene, between
from playground.views.common.images import GAP, SIDE, of, tile_places
from playground.views.images.feature_plane import SHOWN, placed, plane
from playground.views.latent.plane import data

PICTURE = 1.6
"""Width of an image that is pointed at, in canvas units."""

STEPS = 9
"""Images in the row of an interpolation, including both ends: an odd number, so that one is the middle."""

FINE = 33
"""Images in the animation of an interpolation. Every fourth is in the row."""

PICKED = 1.25
"""Magnification of a picked image."""

ROWS = 1
"""The panel of the interpolations. The held-out images are in panel 0."""


class ImagesBetween(Pair):
    """Interpolations between the two held-out images nearest to the clicks in their panel. Each is shown as a row of
    images and as a larger animated image."""

    kinds = IMAGES
    layouts: ClassVar[tuple[str, ...]] = ("interpolation",)

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        chosen = [nearest(place) for place in (self.first, self.x) if place is not None]
        names = [class_name(scene, int(scene.labels[i])) for i in chosen]
        held = picked(scene, chosen)
        if len(chosen) < 2:
            return {"layers": {"ends": held}, "says": f"From this {names[0]}: click on a second image."}
        with torch.no_grad():
            a, b = scene.model.encode(data(scene, SIDE**2))[0][chosen]
        found = yield from self.interpolations(scene, a, b, FINE)
        told = ", ".join(f"{name} ({word})" for name, (_, word) in COLOURS.items())
        return {
            "layers": {"ends": held, "interpolations": [sheet(), *strips(scene, found)]},
            "plays": True,
            "says": f"From {names[0]} to {names[1]}, decoded: from above {told}, which keeps to where codes lie. "
            "Below, the same three play.",
        }


class ImagesAt(Question):
    """The held-out image and the sample nearest to x in the plane of features, at time t. x is on the canvas."""

    kinds = IMAGES
    layouts: ClassVar[tuple[str, ...]] = ("features",)
    gesture = "hover"
    hint = "Point at a place to see the images that lie there."

    x: Place
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    def answer(self, scene: Scene) -> Answer:
        known, samples = plane(scene.run.experiment.dataset), scene.samples[:SHOWN]
        if scene.chain is not None:
            samples = between(scene.chain[:, :SHOWN], scene.chain_times, self.t)
        places, here = placed(scene, samples), np.array(self.x)
        datum, sample = (int(np.square(xy - here).sum(1).argmin()) for xy in (known.xy, places))
        pair = np.stack([scene.run.normalizer.to_canvas(known.images[datum]), samples[sample]])
        beside = np.clip(here[1] + PICTURE, PICTURE / 2 - HALF, HALF - PICTURE / 2)  # not under the pointer
        left = np.clip(here[0] - PICTURE / 2, PICTURE / 2 - HALF, HALF - 3 * PICTURE / 2)
        sheets = [
            encode.tiles(
                of(scene, pair[i : i + 1]), np.array([[left + i * PICTURE, beside]]), PICTURE, colour, framed=True
            )
            for i, colour in enumerate(("data", "samples"))
        ]
        rings = encode.marks(np.stack([known.xy[datum], places[sample]]), ["", ""], "ink")
        return {
            "layers": {"images": sheets, "rings": rings},
            "says": f"Blue: a held-out image, {class_name(scene, int(known.labels[datum]))}. Orange: a sample.",
        }


def nearest(place: Place) -> int:
    """The index of the album's image that is nearest to a position in its panel."""
    xy, _ = tile_places(SIDE, SIDE)
    return int(np.square(xy - np.array(place)).sum(1).argmin())


def picked(scene: Scene, chosen: list[int]) -> encode.Primitive:
    """Images of the album, highlighted at their positions."""
    xy, side = tile_places(SIDE, SIDE)
    inside = HALF - PICKED * side / 2
    where = np.clip(xy[chosen], -inside, inside)
    return encode.tiles(of(scene, scene.data[chosen]), where, PICKED * side, "accent", framed=True)


def sheet() -> encode.Primitive:
    """A blank sheet that covers the panel."""
    blank = encode.tiles(np.full((1, 1, 1), -1.0), np.zeros((1, 2)), 2 * HALF, framed=True)
    return blank | {"panel": ROWS, "title": "from one to the other"}


@torch.no_grad()
def strips(scene: Scene, found: dict[str, Tensor]) -> list[encode.Primitive]:
    """Each interpolation, latents (FINE, latents), as a row of images and as a larger animated image."""
    pitch, times = 2 * HALF / STEPS, np.linspace(0, 1, FINE)
    large = 2 * HALF / len(found)
    layers: list[dict[str, Any]] = []
    for row, (name, z) in enumerate(found.items()):
        images, colour = of(scene, scene.model.decode(z).cpu().numpy(), FINE), COLOURS[name][0]
        still = images[:: (FINE - 1) // (STEPS - 1)]
        x = (np.arange(STEPS) - (STEPS - 1) / 2) * pitch
        y = np.full(STEPS, HALF - (row + 0.5) * 1.3 * pitch)
        place = np.array([[(row - (len(found) - 1) / 2) * large, -HALF + large / 2 + 0.2]])
        layers.append(encode.tiles(still, np.column_stack([x, y]), (1 - GAP) * pitch, colour))
        layers.append(encode.tiles(images[:, None], place, (1 - GAP) * large, colour, times))
    return [layer | {"panel": ROWS} for layer in layers]
