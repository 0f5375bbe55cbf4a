"""The straightness of a flow's trajectories: how far their velocity is from that of a straight line."""

import numpy as np

from playground.data.kinds import ANY, Kind
from playground.families.capabilities import Denoiser, VelocityField, can
from playground.scene.scene import Scene
from playground.views.base import Chart
from playground.views.charts import line_over_training


def straightness(trajectories: np.ndarray, times: np.ndarray) -> float:
    """∫ E‖x₁ − x₀ − ẋ_t‖² dt / E‖x₁ − x₀‖² of trajectories (k, n, dim) at times (k,) from 0 to 1: 0 if all are straight
    and run at constant speed (Liu et al. 2022, *Flow Straight and Fast*, arXiv 2209.03003, equation 3). NaN if none
    moves."""
    steps = np.diff(times)[:, None, None]
    velocity = np.diff(trajectories, axis=0) / steps
    chord = trajectories[-1] - trajectories[0]
    moved = float(np.square(chord).sum(1).mean())
    deviation = float((steps[:, :, 0] * np.square(velocity - chord).sum(2)).sum(0).mean())
    return deviation / moved if moved > 0 else float("nan")


class Straightness(Chart):
    title = "Bending of paths"
    help = (
        "How far velocities are from a straight line's: the mean squared difference, relative to the squared length. "
        "At 0, one step of the solver would do."
    )
    needs = VelocityField
    kinds = ANY

    def suits(self, family: object, kind: Kind | None = None) -> bool:
        return super().suits(family, kind) and not can(family, Denoiser)  # a sampler that adds noise has no velocity

    def measure(self, scene: Scene) -> dict[str, float]:
        found = straightness(scene.paths, scene.paths_times)
        return {"straightness": found} if np.isfinite(found) else {}  # a U-Net begins with paths that don't move

    def floors(self, scene: Scene) -> dict[str, float]:
        return {"straightness": 0.0}

    def draw(self):
        return line_over_training("straightness", self.title)
