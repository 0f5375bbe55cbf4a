"""How much mass lies where no data is: the share of points farther from the data than the data are from each other."""

import numpy as np
import torch

from playground.budget import STAGE_SAMPLES
from playground.families.capabilities import LatentVariable
from playground.scene.scene import Scene
from playground.views.base import Chart
from playground.views.charts import lines_over_training
from playground.views.latent.plane import data

QUANTILE = 0.95
"""Of the distances of data points to their nearest neighbours: farther away than this is no data's place."""


ASKED = 600
"""Points that are looked at, of each kind, while training goes on."""


class Neighbourhood:
    """Where data are: within `radius` of one of the points (n, 2)."""

    def __init__(self, points: np.ndarray):
        self.points = torch.as_tensor(np.unique(points, axis=0), dtype=torch.float32)
        apart = torch.cdist(self.points, self.points).fill_diagonal_(torch.inf).amin(1)
        self.radius = float(apart.quantile(QUANTILE))

    def outside(self, x: np.ndarray) -> np.ndarray:
        """Which of the points x (m, 2) lie where no data is: booleans (m,)."""
        asked = torch.as_tensor(x, dtype=torch.float32)
        return ~(torch.cdist(asked, self.points).amin(1) <= self.radius).numpy()  # what is no number is outside


def neighbourhood(scene: Scene) -> Neighbourhood:
    """That of the scene's data, in the square."""
    if "neighbourhood" not in scene.kept:
        scene.kept["neighbourhood"] = Neighbourhood(scene.data)
    return scene.kept["neighbourhood"]


class OffManifold(Chart):
    title = "Off-manifold samples, %"
    help = (
        "Samples, and reconstructions (blue), that lie farther from the data than 95% of data points from their "
        "nearest neighbour. The dashed floor is the same share of fresh data."
    )
    needs = LatentVariable

    @torch.no_grad()
    def measure(self, scene: Scene) -> dict[str, float]:
        near, some = neighbourhood(scene), data(scene, ASKED)
        back = scene.model.reconstruct(some).cpu().numpy()
        return {
            "astray": 100 * float(near.outside(scene.final_samples[:ASKED]).mean()),
            "astray_back": 100 * float(near.outside(back).mean()),
        }

    def floors(self, scene: Scene) -> dict[str, float]:
        data = scene.run.experiment.dataset.distribution
        ours, others = (data.sample(STAGE_SAMPLES, np.random.default_rng(seed))[0] for seed in (1, 2))
        return {"astray": 100 * float(Neighbourhood(ours).outside(others).mean())}

    def draw(self):
        lines = {"samples": "astray@samples", "reconstructions": "astray_back@data", "data": "floor:astray@ink"}
        return lines_over_training(lines, unit=" %")
