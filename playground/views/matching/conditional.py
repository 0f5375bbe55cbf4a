"""Conditional velocities, and their mean, the marginal velocity: v(x, t) = Σ_i p(x1 = x_i | x_t = x) u(x, t | x_i), the
identity by which flow matching learns an intractable field (Lipman et al. 2022, arXiv 2210.02747, eq. 8)."""

import numpy as np
import torch
from torch import Tensor

from playground.data.kinds import Kind
from playground.families import ideal
from playground.families.capabilities import ConditionalPaths, ExactField, can
from playground.families.paths import LATEST
from playground.scene import encode
from playground.scene.scene import Scene, between
from playground.views.base import Layer, Measured

DRAWN = 20
"""Lines that a fan is worth at each time."""

INK = 2.5
"""Opacity of a line that is one of DRAWN: of many faint ones, nothing would be seen."""

AIMS = 1.2 * np.array([[0.0, 1.0], [-0.87, -0.5], [0.87, -0.5]])
"""Places in the noise. The layer follows the samples that begin nearest to them."""


def could_lead_to(scene: Scene) -> Tensor:
    """The data that stand for all data, (STAGE_SAMPLES, dim): fresh ones, of the class that is sampled."""
    return torch.as_tensor(scene.reference, dtype=torch.float64, device=scene.run.device)


def posterior(scene: Scene, x: Tensor, t: Tensor) -> Tensor:
    """How likely each of the data is to be where a path through x (n, 2) at t (n,) leads: (n, STAGE_SAMPLES)."""
    alpha, sigma = scene.model.levels(t.double().clamp(max=LATEST))
    return ideal.posterior(x.double(), alpha, sigma, could_lead_to(scene))


@torch.no_grad()
def velocities(scene: Scene, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """The exact marginal velocity and the network's, at x (n, 2) and t (n,), before the field of finite data becomes
    singular: (n, 2) each."""
    t = t.clamp(max=LATEST)
    return scene.model.exact_velocity(x.double(), t.double(), could_lead_to(scene)), scene.model.velocity(x, t)


def drawn(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A few data that stand for all, whose posterior probabilities at k times are weights (k, n), and the opacity of
    each at each time, (k, few), which may exceed 1.

    DRAWN of them are drawn at each time, evenly (systematic resampling). So that those drawn at one time don't distort
    the picture at another, opacities are importance weights against the mixture of all times (Veach & Guibas 1995,
    *Optimally Combining Sampling Techniques*): at each time, they sum to DRAWN on average, and their mean is unbiased.
    """
    ticks = (np.arange(DRAWN) + 0.5) / DRAWN
    last = weights.shape[1] - 1
    found = [np.searchsorted(np.cumsum(row), ticks).clip(max=last) for row in weights]
    chosen, counts = np.unique(found, return_counts=True)
    return chosen, counts * weights[:, chosen] / np.maximum(weights[:, chosen].sum(0), 1e-12)


def fan(scene: Scene, xy: np.ndarray, times: np.ndarray) -> Measured:
    """What pulls at places xy (k, m, 2) at times (k,): lines to the data and how strongly they are drawn, and where the
    exact and the learned velocity would lead if they stayed as they are."""
    x = torch.as_tensor(xy.reshape(-1, 2), dtype=torch.float32, device=scene.run.device)
    t = torch.as_tensor(np.repeat(times, xy.shape[1]), dtype=torch.float32, device=scene.run.device)
    weights = posterior(scene, x, t).cpu().numpy().reshape(*xy.shape[:2], -1)
    fans = [drawn(weights[:, i]) for i in range(xy.shape[1])]
    left = (1 - times)[:, None, None]
    exact, learned = (v.cpu().numpy().reshape(xy.shape) for v in velocities(scene, x, t))
    return {
        "xy": xy,
        "times": times,
        "from": np.concatenate([np.repeat(xy[:, i, None], len(f[0]), 1) for i, f in enumerate(fans)], 1),
        "to": np.concatenate([scene.reference[f[0]] for f in fans]),
        "opacity": np.concatenate([f[1] for f in fans], 1),
        "exact": xy + left * exact,
        "learned": xy + left * learned,
    }


def drawn_fan(measured: Measured) -> list[encode.Primitive]:
    """The pieces of a fan: its lines, the exact velocity in blue, the learned one in black, and the places."""
    # Of a single time, the pieces have no times: they are at the time that is looked at.
    times = measured["times"] if len(measured["times"]) > 1 else ()
    start, opacity, xy, exact, learned = (
        measured[name] if len(times) else measured[name][0] for name in ("from", "opacity", "xy", "exact", "learned")
    )
    to = np.broadcast_to(measured["to"], start.shape)
    return [
        encode.rays(start, to, "data", times, heads=False, opacity=INK * opacity, ends=1),
        encode.rays(xy, exact, "data", times, size=3, ends=1),
        encode.rays(xy, learned, "ink", times, size=1.5, ends=1),
        encode.points(xy, "ink", times, size=3),
    ]


class ConditionalVelocities(Layer):
    title = "Conditional velocities"
    help = (
        "Faint lines lead from three samples to data that their paths could lead to, drawn the stronger the likelier. "
        "The mean of all is the exact velocity (blue), beside the network's (black)."
    )
    needs = ConditionalPaths
    colour = "data"

    def suits(self, family: object, kind: Kind | None = None) -> bool:
        return super().suits(family, kind) and can(family, ExactField)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        # The paths have as many points as the solver has steps; live, only the present time is measured.
        chosen = [int(np.square(scene.paths[0] - aim).sum(1).argmin()) for aim in AIMS]
        paths, times = scene.paths[:, chosen], scene.paths_times
        if whole:
            return fan(scene, paths, times)
        return fan(scene, between(paths, times, scene.look.time)[None], np.array([scene.look.time]))

    def draw(self, measured: Measured):
        return drawn_fan(measured)
