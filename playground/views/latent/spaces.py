"""Data space and latent space, side by side, with the encoder's and the decoder's maps between them.

Latents, noise and data are the same from frame to frame, so that a picture changes only because the model changed.
"""

import numpy as np
import torch
from torch import Tensor

from playground.data.canvas import HALF
from playground.data.kinds import ANY
from playground.families.capabilities import LatentVariable
from playground.families.vae import latent_space
from playground.scene import encode
from playground.scene.scene import Scene, cell_centres
from playground.views.base import Layer, Measured
from playground.views.latent.plane import Plane, cell_corners, data, heights, plane, posteriors

LATENT = 1
"""The panel of the latent space. That of the data is 0."""

POSTERIORS = 96
CODES_SHOWN = 600
RAYS = 160
ORIGINS = 400
MESH = 24
HOLES = 40
CURVE = 100
"""Numbers of ellipses, codes, rays, samples, and cells along a side: legible, and few enough for a live frame."""


def noise(scene: Scene, n: int, latents: int) -> Tensor:
    """Standard Gaussian noise (n, latents), the same in every frame."""
    generator = torch.Generator(scene.run.device).manual_seed(scene.run.experiment.seed)
    return torch.randn(n, latents, generator=generator, device=scene.run.device)


def classes(scene: Scene, n: int) -> np.ndarray | None:
    """The classes of the first n data points; None if there is only one class."""
    return scene.labels[:n] if scene.labels.any() else None


def half_axes(at: Plane, std: Tensor) -> np.ndarray:
    """The half-axes (n, 2, 2), in canvas coordinates, of posteriors with standard deviations std (n, latents)."""
    shown = at.pick(std).cpu().numpy() * (HALF / at.half)
    axes = np.zeros((len(shown), 2, 2), np.float32)
    for axis in range(shown.shape[1]):
        axes[:, axis, axis] = shown[:, axis]
    return axes


def graph(log_density: Tensor, at: Plane) -> np.ndarray:
    """The graph (n, 2) of a density along one latent, in the upper half. A standard Gaussian peaks at 2.8."""
    x = np.linspace(-HALF, HALF, len(log_density))
    return np.column_stack([x, np.minimum(7 * log_density.exp().cpu().numpy(), HALF)])


def areas(vertices: np.ndarray) -> np.ndarray:
    """The areas of the cells (n, n) of a warped grid (n + 1, n + 1, 2), from their diagonals."""
    first, second = vertices[1:, 1:] - vertices[:-1, :-1], vertices[1:, :-1] - vertices[:-1, 1:]
    return np.abs(first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]) / 2


def line(points: np.ndarray, colour: str) -> encode.Primitive:
    """A polyline through points (n, 2)."""
    return encode.rays(points[:-1], points[1:], colour, heads=False)


class LatentLayer(Layer):
    needs: type | None = LatentVariable
    layouts: tuple[str, ...] = ("latent",)
    panel = LATENT


class CodesLayer(LatentLayer):
    """Shows the latent space alone, so it suits data of any kind."""

    kinds = ANY
    layouts = ("latent", "codes")


class Posteriors(CodesLayer):
    title = "Posteriors q(z|x)"
    help = "What the encoder makes of single data: the half-axes are one standard deviation, true to scale."
    colour = "data"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        at = plane(scene)
        mean, std = posteriors(scene, POSTERIORS)
        measured = {"centres": at.to_canvas(mean, heights(len(mean))), "axes": half_axes(at, std)}
        labels = classes(scene, POSTERIORS)
        return measured if labels is None else measured | {"labels": labels}

    def draw(self, measured: Measured):
        return encode.ellipses(measured["centres"], measured["axes"], self.colour, measured.get("labels"))


class Aggregate(CodesLayer):
    title = "Aggregate posterior q(z)"
    help = "One latent from the posterior of each of many data: all that the decoder learned to answer to."
    colour = "data"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        at = plane(scene)
        mean, std = posteriors(scene, CODES_SHOWN)
        z = mean + std * noise(scene, *mean.shape)
        measured = {"xy": at.to_canvas(z, heights(len(z)))}
        if at.is_line:
            along = torch.linspace(-at.half, at.half, CURVE + 1, device=z.device)[:, None]
            measured["graph"] = graph(at.log_posterior(along, mean, std), at)
        labels = classes(scene, CODES_SHOWN)
        return measured if labels is None else measured | {"labels": labels}

    def draw(self, measured: Measured):
        drawn = [encode.points(measured["xy"], self.colour, labels=measured.get("labels"))]
        return drawn + ([line(measured["graph"], self.colour)] if "graph" in measured else [])


class Prior(CodesLayer):
    title = "Prior"
    help = "What latents are drawn from: rings at one, two and three standard deviations of each of its Gaussians."
    colour = "noise"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        at = plane(scene)
        means, stds, weights = scene.model.prior.gaussians()
        measured = {"title": np.array(at.title)}
        if at.is_line:
            along = torch.linspace(-at.half, at.half, CURVE + 1, device=scene.run.device)[:, None]
            return measured | {"graph": graph(at.log_prior(along, scene), at)}
        held = (weights > 0.2 / len(weights)).cpu().numpy()  # components of negligible weight are not drawn
        centres, axes = at.to_canvas(means)[held], half_axes(at, stds)[held]
        return measured | {
            "centres": np.concatenate([centres] * 3),
            "axes": np.concatenate([sigmas * axes for sigmas in (3, 2, 1)]),
        }

    def draw(self, measured: Measured):
        drawn = (
            line(measured["graph"], self.colour)
            if "graph" in measured
            else encode.ellipses(measured["centres"], measured["axes"], self.colour)
        )
        return drawn | {"title": str(measured["title"])}


class Holes(CodesLayer):
    title = "Holes"
    help = "Where the prior has more mass than the codes: what is drawn there and decoded was never learned."
    colour = "map"

    def measure(self, scene: Scene, whole: bool) -> Measured:
        at = plane(scene)
        means, stds, weights = scene.model.prior.gaussians()
        return {"prior": at.masses(HOLES, means, stds, weights), "codes": at.masses(HOLES, *posteriors(scene))}

    def draw(self, measured: Measured):
        prior = measured["prior"]
        missing = np.maximum(prior - measured["codes"], 0)
        bar = encode.bar("p(z) − q(z), of p's peak", 0.0, 1.0)
        return encode.heat(missing, span=(0.0, float(prior.max())), bar=bar)


class Decoded(LatentLayer):
    title = "Decoded plane"
    help = "Where the decoder puts a grid over the latent plane: dark where it is dense, clear where it is stretched."
    colour = "map"
    default_on = True
    panel = 0

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        at = plane(scene)
        if at.is_line:
            along = torch.linspace(-HALF, HALF, 4 * CURVE + 1, device=scene.run.device)
            curve = scene.model.decode(at.lift(torch.stack([along, 0 * along], 1)))
            weight = at.log_prior(along[:, None] * at.half / HALF, scene).exp().cpu().numpy()
            kept = weight > 0.01 * weight.max()
            return {"curve": curve.cpu().numpy()[kept]}
        reach = min(1.0, 3 / at.half)  # three standard deviations of the prior
        corners, middles = (
            (cell_corners(MESH) * reach).to(scene.run.device),
            (cell_centres(MESH) * reach).to(scene.run.device),
        )
        vertices = scene.model.decode(at.lift(corners)).cpu().numpy().reshape(MESH + 1, MESH + 1, 2)
        mass = at.log_prior(at.pick(at.lift(middles)), scene).exp().reshape(MESH, MESH).cpu().numpy()
        density = mass / (areas(vertices) + 1e-4)
        return {"vertices": vertices, "opacity": np.sqrt(density / (np.quantile(density, 0.9) or 1.0))}

    def draw(self, measured: Measured):
        if "curve" in measured:
            return line(measured["curve"], "ink")
        return encode.mesh(measured["vertices"], measured["opacity"], self.colour)


class PointReconstructions(LatentLayer):
    title = "Reconstructions"
    help = "From single points to what comes back of them. Points that share a code come back as their mean: the blur."
    needs = LatentVariable
    colour = "samples"
    panel = 0

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        return {"from": scene.data[:RAYS], "to": scene.model.reconstruct(data(scene, RAYS)).cpu().numpy()}

    def draw(self, measured: Measured):
        return encode.rays(measured["from"], measured["to"], self.colour)


class Origins(LatentLayer):
    title = "Samples by class"
    help = "Latents from the prior and what they decode to, in the colour of the data whose codes lie there."
    needs = LatentVariable
    colour = "samples"

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        at = plane(scene)
        z = scene.model.latent(ORIGINS, scene.rng())
        return {
            "z": at.to_canvas(z, heights(len(z))),
            "x": scene.model.decode(z).cpu().numpy(),
            "labels": likeliest_class(scene, z),
        }

    def draw(self, measured: Measured):
        labels = measured["labels"]
        sides = ((measured["x"], 0), (measured["z"], LATENT))
        return [encode.points(xy, self.colour, labels=labels) | {"panel": panel} for xy, panel in sides]


def likeliest_class(scene: Scene, z: Tensor) -> np.ndarray:
    """The most likely class of each latent (n, latents), under the posteriors of each class's data: (n,)."""
    mean, std = posteriors(scene)
    found = np.unique(scene.labels[: len(mean)])
    scores = []
    for label in found:
        its = torch.as_tensor(scene.labels[: len(mean)] == label, device=z.device)
        share = its.float().mean().log()
        scores.append(latent_space.log_aggregate(z, mean[its], std[its]) + share)
    return found[torch.stack(scores).argmax(0).cpu().numpy()]
