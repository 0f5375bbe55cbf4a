"""Paths between noise and data: the trajectory through a point, and the forward process of a data point."""

from typing import Annotated, Any

import numpy as np
import torch
from pydantic import Field

from playground.families.capabilities import Denoiser, Trajectory, VelocityField, can
from playground.families.diffusion.schedules import alpha_sigma
from playground.questions.base import Answer, Coordinate, Question, to_lists
from playground.scene import encode
from playground.scene.scene import Scene, between
from playground.views.time.forward import TIMES, walks


class Trace(Question):
    """The trajectory through x at time t, back to noise and on to data; with the velocity at x, if there is one."""

    needs = Trajectory
    gesture = "hover"

    x: tuple[Coordinate, Coordinate]
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    def answer(self, scene: Scene) -> Answer:
        normalizer, device = scene.run.normalizer, scene.run.device
        x = torch.as_tensor(normalizer.to_canvas(np.array([self.x])), dtype=torch.float32, device=device)
        time = torch.tensor([self.t], device=device)
        grid = scene.model.times()
        back = torch.cat([time.cpu(), grid[grid < self.t].flip(0)])
        on = torch.cat([time.cpu(), grid[grid > self.t]])
        speed: Answer = {}
        with torch.no_grad():
            if can(scene.model, VelocityField):
                velocity = scene.model.velocity(x, time)[0].cpu().numpy()
                speed = {"velocity": to_lists(velocity / normalizer.scale)}
            came = scene.model.trajectory(x, back).flip(0)[:-1]
            goes = scene.model.trajectory(x, on)
        path = normalizer.from_canvas(torch.cat([came, goes])[:, 0].cpu().numpy())
        return {
            "x": list(self.x),
            "t": self.t,
            "path": to_lists(path),
            "times": to_lists(torch.cat([back.flip(0)[:-1], on]).numpy()),
        } | speed


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
