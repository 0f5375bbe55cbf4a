"""Paths between noise and data: the trajectory through a point, what pulls at it, and the forward process of a data
point."""

import math
from collections.abc import Generator
from typing import Annotated, Any

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from playground.families.capabilities import ContinuousDensity, Denoiser, ExactField, Trajectory, VelocityField, can
from playground.families.continuous import STEPS
from playground.families.diffusion.schedules import alpha_sigma
from playground.questions.base import Answer, Coordinate, Question, to_lists
from playground.scene import encode
from playground.scene.scene import Scene, between
from playground.views.latent.elbo import log_det_scale
from playground.views.matching.conditional import drawn_fan, fan, posterior, velocities
from playground.views.time.forward import TIMES, walks

MOST_WEIGHT = 0.9
"""The share of the weight whose data are counted."""

LATE = 0.97
"""The time after which velocities are not compared: the exact one, of finite data, grows without bound."""


class ThroughPlace(Question):
    """About the trajectory through x at time t, back to noise and on to data."""

    x: tuple[Coordinate, Coordinate]
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    def place(self, scene: Scene) -> tuple[Tensor, Tensor]:
        """x (1, 2) in canvas coordinates, and t (1,)."""
        place = scene.run.normalizer.to_canvas(np.array([self.x]))
        device = scene.run.device
        return torch.as_tensor(place, dtype=torch.float32, device=device), torch.tensor([self.t], device=device)

    @torch.no_grad()
    def trajectory(self, scene: Scene) -> tuple[np.ndarray, np.ndarray]:
        """The positions (k, 2) in canvas coordinates, and their times (k,)."""
        x, time = self.place(scene)
        grid = scene.model.times()
        back = torch.cat([time.cpu(), grid[grid < self.t].flip(0)])
        on = torch.cat([time.cpu(), grid[grid > self.t]])
        came = scene.model.trajectory(x, back).flip(0)[:-1]
        goes = scene.model.trajectory(x, on)
        return torch.cat([came, goes])[:, 0].cpu().numpy(), torch.cat([back.flip(0)[:-1], on]).numpy()

    def traced(self, scene: Scene, path: np.ndarray, times: np.ndarray) -> Answer:
        """A trajectory as an answer, in the data's own coordinates."""
        own = to_lists(scene.run.normalizer.from_canvas(path))
        return {"x": list(self.x), "t": self.t, "path": own, "times": to_lists(times)}


class Trace(ThroughPlace):
    """The trajectory through x, with the velocity there, if there is one."""

    needs = Trajectory
    gesture = "hover"
    hint = "Point into the picture: where a place comes from, and where it goes."

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        found = self.traced(scene, *self.trajectory(scene))
        if can(scene.model, VelocityField):
            velocity = scene.model.velocity(*self.place(scene))[0].cpu().numpy()
            found["velocity"] = to_lists(velocity / scene.run.normalizer.scale)
        return found


class Probe(ThroughPlace):
    """What pulls at x at time t: the data that a path through it could lead to, each as strongly as it is likely; their
    mean, the exact velocity, and the model's; and the log-density of x. With its trajectory, along which the picture
    moves with the time."""

    needs = VelocityField
    gesture = "click"
    hint = "Click: what pulls there."

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        path, times = self.trajectory(scene)
        yield
        found = self.traced(scene, path, times)
        says = [f"At t = {self.t:.2f}:"]
        if can(scene.model, ExactField):  # otherwise it is unknown what pulls
            found |= {"layers": {"fan": drawn_fan(fan(scene, path[:, None], times))}, "veils": True}
            says = [self.pull(scene)]
            yield
        if can(scene.model, ContinuousDensity):
            says.append((yield from self.log_density(scene)))
        return found | {"says": " ".join(says)}

    def pull(self, scene: Scene) -> str:
        x, t = self.place(scene)
        weights = posterior(scene, x, t)[0].sort(descending=True).values.cumsum(0)
        count = int((weights < MOST_WEIGHT).sum()) + 1
        from_data = f"At t = {self.t:.2f}, {MOST_WEIGHT:.0%} of the pull comes from {count:,} of {len(weights):,} data."
        exact, learned = (v[0].double().cpu() for v in velocities(scene, x, t))
        size = float(exact.norm() * learned.norm())
        if self.t > LATE or not 0 < size < math.inf:
            return from_data
        angle = math.degrees(math.acos(np.clip(float(exact @ learned) / size, -1, 1)))
        speed = float(learned.norm() / exact.norm())
        return f"{from_data} The network's velocity is {angle:.0f}° off the exact one, {speed:.2f} times as fast."

    def log_density(self, scene: Scene) -> Generator[None, None, str]:
        steps = max(1, math.ceil(STEPS * self.t))
        nats = yield from scene.model.log_density(self.place(scene)[0], self.t, steps)
        value = float(nats[0]) - log_det_scale(scene)
        return f"log p = {value:.2f} nats.".replace("-", "−") if math.isfinite(value) else ""


class Follow(Question):
    """The whole path of the noised data point that is nearest to x at time t."""

    needs = Denoiser
    gesture = "click"
    layouts = ("forward",)

    x: tuple[Coordinate, Coordinate]
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    def answer(self, scene: Scene) -> Answer:
        known, normalizer = walks(scene), scene.run.normalizer
        here = between(known, TIMES, self.t)
        found = int(np.square(here - normalizer.to_canvas(np.array(self.x))).sum(1).argmin())
        path = known[:, found : found + 1]
        alpha, sigma = (float(v) for v in alpha_sigma(scene.model.log_snr(torch.tensor([self.t]))))
        came = ", ".join(f"{v:.2f}" for v in normalizer.from_canvas(scene.data[found])).replace("-", "−")
        layers: dict[str, Any] = {
            "path": encode.paths(path, "samples", TIMES, backwards=True),
            "point": encode.marks(path, [""], "samples", TIMES),
        }
        says = f"The data point ({came}), followed. At t = {self.t:.2f} it is {alpha:.2f} · data + {sigma:.2f} · noise."
        return {"layers": layers, "says": says}
