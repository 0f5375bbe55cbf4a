"""The share of points off the data manifold: farther from the data than most data points from their neighbours."""

import numpy as np
import torch

from playground.budget import STAGE_SAMPLES
from playground.data.kinds import Kind
from playground.families.capabilities import LatentVariable, can
from playground.scene.scene import Scene
from playground.views.base import Chart
from playground.views.charts import lines_over_training
from playground.views.latent.plane import data

QUANTILE = 0.95
"""Quantile of the data points' distances to their nearest neighbours. Points farther away are off-manifold."""


ASKED = 600
"""Points measured of each kind (samples and reconstructions) during training."""


class Neighbourhood:
    """The region of the data: all places within `radius` of one of the points (n, 2)."""

    def __init__(self, points: np.ndarray):
        self.points = torch.as_tensor(np.unique(points, axis=0), dtype=torch.float32)
        apart = torch.cdist(self.points, self.points).fill_diagonal_(torch.inf).amin(1)
        self.radius = float(apart.quantile(QUANTILE))

    def outside(self, x: np.ndarray) -> np.ndarray:
        """Whether each of the points x (m, 2) lies outside the region: booleans (m,)."""
        asked = torch.as_tensor(x, dtype=torch.float32)
        return ~(torch.cdist(asked, self.points).amin(1) <= self.radius).numpy()  # NaN counts as outside


def neighbourhood(scene: Scene) -> Neighbourhood:
    """The neighbourhood of the scene's data, in canvas coordinates."""
    if "neighbourhood" not in scene.kept:
        scene.kept["neighbourhood"] = Neighbourhood(scene.data)
    return scene.kept["neighbourhood"]


class OffManifold(Chart):
    title = "Off-manifold samples, %"
    help = (
        "Samples farther from the data than 95% of data points are from their nearest neighbour. The floor is the same "
        "share of fresh data."
    )

    def explain(self, family: object, kind: Kind) -> str:
        return self.help.replace("Samples", "Samples and reconstructions", 1 if can(family, LatentVariable) else 0)

    @torch.no_grad()
    def measure(self, scene: Scene) -> dict[str, float]:
        found = {"off_manifold": scene.final_samples[:ASKED]}
        if can(scene.model, LatentVariable):
            found["off_manifold_back"] = scene.model.reconstruct(data(scene, ASKED)).cpu().numpy()
        near = neighbourhood(scene)
        return {name: 100 * float(near.outside(points).mean()) for name, points in found.items()}

    def floors(self, scene: Scene) -> dict[str, float]:
        data = scene.run.experiment.dataset.distribution
        ours, others = (data.sample(STAGE_SAMPLES, np.random.default_rng(seed))[0] for seed in (1, 2))
        return {"off_manifold": 100 * float(Neighbourhood(ours).outside(others).mean())}

    def draw(self):
        lines = {
            "samples": "off_manifold@samples",
            "reconstructions": "off_manifold_back@ink",
            "data": "floor:off_manifold@ink",
        }
        return lines_over_training(lines, unit=" %")
