"""Questions to a latent space: decode a latent, encode a point, and decode a path or an interpolation."""

from collections.abc import Generator
from itertools import islice
from typing import Annotated, Any, ClassVar

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from playground.data.canvas import HALF
from playground.data.kinds import IMAGES
from playground.families.capabilities import LatentVariable
from playground.questions.base import Answer, Coordinate, Question, to_lists
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.common.off_manifold import neighbourhood
from playground.views.latent.image_codes import magnified
from playground.views.latent.plane import Plane, data, plane, posteriors
from playground.views.latent.spaces import LATENT, half_axes, likeliest_class

Place = tuple[Coordinate, Coordinate]

NEAR = 0.3
"""Greatest distance from the pointer at which a data point is selected, in canvas units."""

RARE = 0.1
"""Density of codes relative to the prior below which a point of the plane counts as a hole."""

SHEET = 2.0
"""Width of a decoded image, in canvas units."""

STEPS = 48
ROUNDS_AT_ONCE = 8
"""Rounds of the search for the dense interpolation between two yields, some 10 ms."""


class LatentQuestion(Question):
    needs: ClassVar[type | None] = LatentVariable
    layouts: ClassVar[tuple[str, ...]] = ("latent",)


class Decode(LatentQuestion):
    """The decoded point x of the latent plane. x is in canvas coordinates."""

    gesture = "hover"
    panel = LATENT

    x: Place
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        at = plane(scene)
        z = at.lift(torch.tensor([self.x], device=scene.run.device))
        decoded = scene.model.decode(z)
        ratio = float((at.log_posterior(at.pick(z), *posteriors(scene)) - at.log_prior(at.pick(z), scene)).exp())
        if not scene.run.step:
            density = "The model has learned nothing yet."
        elif ratio < RARE:
            density = "A hole: the prior draws latents here, but hardly a code was ever here."
        else:
            density = f"Codes are {ratio:.1f} times as dense here as the prior."
        of = f" Nearest class: {class_name(scene, likeliest_class(scene, z)[0])}." if scene.labels.any() else ""
        x = scene.run.normalizer.from_canvas(decoded.cpu().numpy())
        noise = float(scene.model.std) / scene.run.normalizer.scale
        return {
            "x": x[0].tolist(),
            "layers": {
                "code": encode.points(at.to_canvas(z), "ink", size=3) | {"panel": LATENT},
                "decoded": cloud(decoded, scene),
            },
            "says": f"z = {pair(at.pick(z)[0])} decodes to {pair(x[0])}, give or take {noise:.2f}. {density}{of}",
        }


class DecodeImage(LatentQuestion):
    """The decoded point x of the latent plane, for image data. x is in canvas coordinates."""

    kinds = IMAGES
    layouts = ("codes",)
    gesture = "hover"
    panel = LATENT

    x: Place
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        at = plane(scene)
        z = at.lift(torch.tensor([self.x], device=scene.run.device))
        decoded = scene.model.decode(z).cpu().numpy()
        here = at.to_canvas(z, self.x[1])
        beside = np.clip(here + np.array([0, SHEET]), SHEET / 2 - HALF, HALF - SHEET / 2)  # not under the pointer
        return {
            "x": to_lists(scene.run.normalizer.from_canvas(decoded)[0]),
            "layers": {
                "code": encode.points(here, "ink", size=3) | {"panel": LATENT},
                "overlay": encode.points(here / magnified(at), "ink", size=3) | {"panel": 0},
                "decoded": encode.tiles(decoded.reshape(1, *scene.shape), beside, SHEET, framed=True)
                | {"panel": LATENT},
            },
            "says": f"z = {pair(at.pick(z)[0])} decodes to this. Among the codes of held-out images, the nearest class "
            f"is {class_name(scene, likeliest_class(scene, z)[0])}.",
        }


class Encode(LatentQuestion):
    """The posterior and the reconstruction of the data point nearest to x, or of x itself if none is near."""

    needs = LatentVariable
    gesture = "hover"

    x: Place
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        at, normalizer = plane(scene), scene.run.normalizer
        x, label = datum(scene, self.x)
        mean, std = scene.model.encode(x)
        back = scene.model.reconstruct(x)
        own, returned = (normalizer.from_canvas(point.cpu().numpy())[0] for point in (x, back))
        what = "This place" if label is None else class_name(scene, label).capitalize() if label >= 0 else "This point"
        none = " No data is near: the encoder never learned this place." if label is None and scene.run.step else ""
        return {
            "x": own.tolist(),
            "layers": {"datum": seen(x, mean, std, at), "back": [rays(x, back), *cloud(back, scene)]},
            "says": f"{what} {pair(own)} is encoded as z = {pair(at.pick(mean)[0])} ± {pair(at.pick(std)[0])} and "
            f"comes back as {pair(returned)}, {np.hypot(*(returned - own)):.2f} away.{none}",
        }


class Walk(LatentQuestion):
    """The decoded path through the latent plane, resampled at constant speed."""

    gesture = "drag"
    panel = LATENT

    path: Annotated[list[Place], Field(min_length=2, max_length=64)]

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        at = plane(scene)
        z = at.lift(torch.as_tensor(even(np.array(self.path), STEPS), dtype=torch.float32, device=scene.run.device))
        decoded, line = decoded_path(z, "samples", at, scene)
        return {
            "layers": {"path": line},
            "plays": True,
            "says": f"This path is {length(at.pick(z).cpu().numpy()):.1f} long in the latent plane, "
            f"{length(decoded):.1f} decoded{off_the_data(decoded, scene)}.",
        }


COLOURS = {"linear": ("noise", "grey"), "spherical": ("samples", "orange"), "dense": ("class-6", "purple")}
"""The interpolations between two codes: their colour in the page's palette, and its name in a sentence."""


class Pair(LatentQuestion):
    """Three interpolations in the latent space between two data: linear, spherical and dense.

    first, x: positions near the first and the second datum. Without `first`, x selects the first datum.
    """

    needs = LatentVariable
    gesture = "click"
    pair = True

    x: Place
    first: Place | None = None
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    @staticmethod
    def interpolations(scene: Scene, a: Tensor, b: Tensor, steps: int) -> Generator[None, None, dict[str, Tensor]]:
        """The latents (steps, latents) of each interpolation from a to b (latents,), by name. The dense one is the
        result of a search, between whose pieces this yields."""
        search = scene.model.relax(a, b, steps, data(scene))
        while pieces := list(islice(search, ROUNDS_AT_ONCE)):
            dense = pieces[-1]
            yield
        found = {name: scene.model.interpolate(a, b, name, steps) for name in ("linear", "spherical")}
        return found | {"dense": dense}


class Between(Pair):
    """Interpolations between data points. Each is drawn and animated in both panels."""

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        at = plane(scene)
        with torch.no_grad():
            ends = [datum(scene, place)[0] for place in (self.first, self.x) if place is not None]
            codes = [scene.model.encode(x) for x in ends]
        held = [part for x, (mean, std) in zip(ends, codes, strict=True) for part in seen(x, mean, std, at)]
        if len(ends) < 2:
            return {"layers": {"ends": held}, "says": "From here: click on a second point of the data."}
        a, b = (mean[0] for mean, _ in codes)
        found = yield from self.interpolations(scene, a, b, STEPS)
        layers: dict[str, Any] = {"ends": held}
        told = []
        for name, z in found.items():
            colour, word = COLOURS[name]
            with torch.no_grad():
                decoded, layers[name] = decoded_path(z, colour, at, scene)
            told.append(f"{name} ({word}) {length(decoded):.1f} long{off_the_data(decoded, scene)}")
        return {"layers": layers, "plays": True, "says": "Three interpolations, decoded: " + "; ".join(told) + "."}


def datum(scene: Scene, place: Place) -> tuple[Tensor, int | None]:
    """The data point (1, 2) nearest to a position in the data's own coordinates, and its class (−1 if the data have
    none). If no data point is near, the position itself and None."""
    here = scene.run.normalizer.to_canvas(np.array([place])).astype(np.float32)
    away = np.hypot(*(scene.data - here).T)
    nearest = int(away.argmin())
    found, label = here, None
    if away[nearest] <= NEAR:
        found, label = scene.data[nearest : nearest + 1], int(scene.labels[nearest]) if scene.labels.any() else -1
    return torch.as_tensor(found, device=scene.run.device), label


def seen(x: Tensor, mean: Tensor, std: Tensor, at: Plane) -> list[encode.Primitive]:
    """A data point and its posterior, highlighted in both panels."""
    posterior = encode.ellipses(at.to_canvas(mean), half_axes(at, std), "ink") | {"panel": LATENT}
    code = encode.points(at.to_canvas(mean), "ink", size=2.5) | {"panel": LATENT}
    return [encode.points(x.cpu().numpy(), "ink", size=3), posterior, code]


def cloud(decoded: Tensor, scene: Scene) -> list[encode.Primitive]:
    """A decoded point (1, 2) with one standard deviation of the decoder's noise around it."""
    place, axes = decoded.cpu().numpy(), float(scene.model.std) * np.eye(2)[None]
    return [encode.points(place, "ink", size=3), encode.ellipses(place, axes, "ink")]


def rays(x: Tensor, back: Tensor) -> encode.Primitive:
    return encode.rays(x.cpu().numpy(), back.cpu().numpy(), "ink")


def decoded_path(z: Tensor, colour: str, at: Plane, scene: Scene) -> tuple[np.ndarray, list[encode.Primitive]]:
    """Latents z (k, latents) along a path, decoded, (k, 2) in the data's own coordinates; and the pieces that animate
    both."""
    decoded, times = scene.model.decode(z).cpu().numpy(), np.linspace(0, 1, len(z))
    layers = [
        draw(xy[:, None]) | {"panel": panel}
        for panel, xy in ((0, decoded), (LATENT, at.to_canvas(z)))
        for draw in (
            lambda xy: encode.paths(xy, colour, times, size=2.5),
            lambda xy: encode.points(xy, colour, times, size=4),
        )
    ]
    return scene.run.normalizer.from_canvas(decoded), layers


def off_the_data(decoded: np.ndarray, scene: Scene) -> str:
    share = neighbourhood(scene).outside(scene.run.normalizer.to_canvas(decoded)).mean()
    return f", {share:.0%} of it where no data is"


def even(path: np.ndarray, steps: int) -> np.ndarray:
    """Positions (steps, 2) at constant speed along a path (k, 2)."""
    walked = np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()])
    at = np.linspace(0, walked[-1], steps)
    return np.column_stack([np.interp(at, walked, column) for column in path.T])


def length(path: np.ndarray) -> float:
    return float(np.linalg.norm(np.diff(path, axis=0), axis=1).sum())


def class_name(scene: Scene, label: int) -> str:
    names = scene.run.experiment.dataset.distribution.class_names
    return str(names[label]) if names is not None and label < len(names) else f"class {label + 1}"


def pair(numbers: Any) -> str:
    return "(" + ", ".join(f"{float(number):.2f}" for number in numbers).replace("-", "−") + ")"
