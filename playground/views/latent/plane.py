"""The latent plane: how a panel of the Stage shows a latent space.

Two latents are the panel's two axes. Of more latents, the two most active are shown, and the others are 0 when a point
of the plane is decoded. A single latent is the horizontal axis; heights then spread out points that would overlap.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from playground.data.canvas import HALF
from playground.families.vae import latent_space
from playground.scene.scene import Scene

CODES = 256
"""Data points whose posteriors approximate the aggregate posterior."""

NEVER_MIND = 1.5
"""The factor by which a dimension must be more active to replace one that is shown, so that the picture is stable."""


@dataclass(frozen=True)
class Plane:
    """dims: the one or two latents that are shown, out of `latents`. half: the panel spans [−half, half] in each."""

    dims: tuple[int, ...]
    latents: int
    half: float

    @property
    def title(self) -> str:
        names = " × ".join(f"z{dim + 1}" for dim in self.dims)
        most = f", the most active of {self.latents}" if self.latents > len(self.dims) else ""
        return f"Latent: {names}{most}, ±{self.half:g}"

    @property
    def is_line(self) -> bool:
        return len(self.dims) == 1

    def pick(self, z: Tensor) -> Tensor:
        """The dimensions shown of latents (…, latents): (…, 1 or 2)."""
        return z[..., list(self.dims)]

    def to_canvas(self, z: Tensor, heights: np.ndarray | float = 0.0) -> np.ndarray:
        """Canvas coordinates (n, 2) of latents (n, latents). heights: y, used if only one latent is shown."""
        shown = self.pick(z).cpu().numpy() * (HALF / self.half)
        return np.column_stack([shown, np.broadcast_to(heights, len(shown))]) if self.is_line else shown

    def lift(self, cell_corners: Tensor) -> Tensor:
        """The latents (n, latents) of canvas coordinates (n, 2)."""
        z = cell_corners.new_zeros(len(cell_corners), self.latents)
        z[:, list(self.dims)] = cell_corners[:, : len(self.dims)] * (self.half / HALF)
        return z

    def log_posterior(self, z: Tensor, mean: Tensor, std: Tensor) -> Tensor:
        """log q of the dimensions shown, at z (m, 1 or 2), under the posteriors (n, latents), in nats: (m,)."""
        return latent_space.log_aggregate(z, self.pick(mean), self.pick(std))

    def masses(self, cells: int, means: Tensor, stds: Tensor, weights: Tensor | None = None) -> np.ndarray:
        """The mass in each of cells × cells equal cells of the panel, (cells, cells) with y first, of Gaussians with
        means and standard deviations (n, latents) and weights (n,), by default equal. Exact, also for narrow ones."""
        edges = torch.linspace(-self.half, self.half, cells + 1, device=means.device)[:, None, None]
        cdf = torch.special.ndtr((edges - self.pick(means)) / self.pick(stds))
        share = cdf.diff(dim=0)  # (cells, n, 1 or 2)
        across = share[..., 0] * (1 / len(means) if weights is None else weights)
        up = torch.full_like(across, 1 / cells) if self.is_line else share[..., 1]
        return (up @ across.T).nan_to_num(0).cpu().numpy()

    def log_prior(self, z: Tensor, scene: Scene) -> Tensor:
        """log p of the dimensions shown, at z (m, 1 or 2), in nats: (m,)."""
        means, stds, weights = (part.to(z.device) for part in scene.model.prior.gaussians())
        return latent_space.log_aggregate(z, self.pick(means), self.pick(stds), weights)


def posteriors(scene: Scene, n: int = CODES) -> tuple[Tensor, Tensor]:
    """Means and standard deviations (n, latents) of the posteriors of the first n data points of the scene."""
    with torch.no_grad():
        return scene.model.encode(data(scene, n))


def data(scene: Scene, n: int = CODES) -> Tensor:
    return torch.as_tensor(scene.data[:n], device=scene.run.device)


def plane(scene: Scene) -> Plane:
    """The plane of the most active dimensions, wide enough for almost all current codes."""
    mean, std = posteriors(scene)
    latents = mean.shape[1]
    rate = ((mean.square() + std.square() - 1) / 2 - std.log()).mean(0).nan_to_num(0)
    kept = scene.kept.get("plane")
    favour = torch.tensor([NEVER_MIND if kept is not None and dim in kept.dims else 1.0 for dim in range(latents)])
    dims = tuple(sorted(torch.argsort(rate.cpu() * favour, descending=True, stable=True)[:2].tolist()))
    reach = (mean.abs() + std)[:, list(dims)].nan_to_num(0).quantile(0.995)
    half = HALF
    while half < reach and half < 1e6:  # by doubling, so that it seldom changes
        half *= 2
    scene.kept["plane"] = found = Plane(dims, latents, half)
    return found


def heights(n: int) -> np.ndarray:
    """n heights in the lower half of the panel, spread evenly for every n. Used if only one latent is shown."""
    return -0.3 - 3.4 * ((np.arange(n) * 0.618034) % 1)


def cell_corners(cells: int) -> Tensor:
    """The corners of cells × cells equal cells of the canvas, ((cells + 1)², 2), row by row from the bottom."""
    line = torch.linspace(-HALF, HALF, cells + 1)
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x, y], dim=2).reshape(-1, 2)
