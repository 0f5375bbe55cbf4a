"""What a race asks its lanes: how long a step takes, how good the samples are, and how good they could be."""

from collections.abc import Generator
from typing import Annotated

import numpy as np
import torch
from pydantic import Field

from playground.data.canvas import HALF
from playground.data.kinds import ANY
from playground.families.capabilities import Adversarial, LatentVariable, Trajectory, can
from playground.questions.base import Answer, Question, to_lists
from playground.race import judging, pace
from playground.scene.encode import finite
from playground.scene.scene import Scene
from playground.training.guard import Diverged

Coordinate = Annotated[float, Field(ge=-HALF, le=HALF)]


class Pace(Question):
    """The seconds that a training step takes: {"seconds"}."""

    kinds = ANY

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        try:
            return {"seconds": (yield from pace.measured(scene.run.experiment, scene.run.device))}
        except Diverged as error:
            raise ValueError(str(error)) from None


class Measures(Question):
    """How good the samples are, by several measures, and what they cost (see `playground.race.judging`): {"step",
    "measures": {name: value}}."""

    kinds = ANY

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        step = scene.run.step
        return {"step": step, "measures": finite((yield from judging.measures(scene)))}


class Bands(Question):
    """What a perfect model scores in each measure: {"bands": {name: [mean, low, high]}}."""

    kinds = ANY

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        return {"bands": (yield from judging.bands.ahead_of(scene.run.experiment.dataset, scene.label))}


class Send(Question):
    """Where the model sends one point of noise, z, on the canvas: {"path": [[x, y], …], "times": [t, …]} on the canvas.
    A model without paths sends it at once: its path has two points. Of latents beyond the second, all are 0."""

    z: tuple[Coordinate, Coordinate]

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        model, z = scene.model, torch.tensor([self.z], dtype=torch.float32, device=scene.run.device)
        if can(model, Trajectory):
            return {"path": to_lists(model.trajectory(z)[:, 0].cpu().numpy()), "times": to_lists(model.times().numpy())}
        latent = torch.zeros(1, model.config.latents, device=z.device)
        latent[:, : z.shape[1]] = z[:, : latent.shape[1]]
        sent = model.decode(latent) if can(model, LatentVariable) else self.generated(model, latent)
        return {"path": to_lists(np.concatenate([z.cpu().numpy(), sent.cpu().numpy()])), "times": [0.0, 1.0]}

    @staticmethod
    def generated(model, latent: torch.Tensor) -> torch.Tensor:
        if not can(model, Adversarial):
            raise ValueError("This model has no noise that can be followed.")
        return model.generate(latent)
