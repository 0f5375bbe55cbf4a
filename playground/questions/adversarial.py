"""Questions to a GAN by pointing: the discriminator's logit at a point, and the latents of the samples near it."""

from typing import Annotated

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from playground.data.canvas import HALF
from playground.families.capabilities import Adversarial
from playground.questions.base import Answer, Coordinate, Question
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.adversarial.latents import first_two, latents

NEAREST = 6
Latent = Annotated[float, Field(ge=-HALF, le=HALF, strict=True)]


def judged(scene: Scene, x: Tensor) -> str:
    """What the discriminator makes of x (1, 2), as a clause: a probability, or a score beside the boundary between real
    and fake."""
    if not scene.run.step:
        return "the discriminator has learned nothing yet"
    scene.complete_samples()
    real, fake = (torch.as_tensor(xy, dtype=torch.float32, device=x.device) for xy in (scene.data, scene.final_samples))
    logit, boundary = float(scene.model.critic(x)), scene.model.boundary(real, fake)
    side = "real" if logit > boundary else "fake"
    if scene.model.judges_by_probability:
        told = f"D(x) = {1 / (1 + np.exp(-logit)):.2f}"
    else:
        told = f"D(x) = {logit:+.2f}, and the line is at {boundary:+.2f}".replace("-", "−")
    return f"the discriminator takes it for {side}: {told}"


class Judge(Question):
    """The discriminator's logit at x, and the direction in which it would move a fake there."""

    needs = Adversarial
    gesture = "hover"
    layouts = ("overlay",)
    hint = "Point into the picture: what the discriminator makes of a place."

    x: tuple[Coordinate, Coordinate]
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        place = scene.run.normalizer.to_canvas(np.array([self.x]))
        x = torch.as_tensor(place, dtype=torch.float32, device=scene.run.device)
        real = torch.as_tensor(scene.data, dtype=torch.float32, device=scene.run.device)
        pull = scene.model.generator_gradient(x, real)[0].cpu().numpy()
        length = float(np.hypot(*pull))
        end = place + (pull / length if length > 0 else 0 * pull)
        return {
            "layers": {"pull": encode.rays(place, end, "ink")},
            "says": f"Here {judged(scene, x)}. The arrow is the generator's gradient, {length:.2g} long.",
        } | self.more(scene, place)

    def more(self, scene: Scene, place: np.ndarray) -> Answer:
        return {}


class Origin(Judge):
    """The samples nearest to x, and their latents."""

    needs = Adversarial
    layouts = ("latent_map",)
    hint = "Point at samples to see their latents, or at a latent to see what it becomes."

    def more(self, scene: Scene, place: np.ndarray) -> Answer:
        nearest = np.hypot(*(scene.final_samples - place).T).argsort()[:NEAREST]
        z = latents(scene)[torch.as_tensor(nearest)]
        blank = [""] * len(nearest)
        return {
            "layers": {
                "nearest": encode.marks(scene.final_samples[nearest], blank, "ink"),
                "origins": encode.marks(first_two(z), blank, "ink") | {"panel": 1},
            },
            "says": "The rings on the right are the latents of the samples nearest to this place.",
        }


class Generate(Question):
    """The generator's output for the latent whose first two coordinates are x and whose others are 0."""

    needs = Adversarial
    gesture = "hover"
    panel = 1
    layouts = ("latent_map",)

    x: tuple[Latent, Latent]
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        z = torch.zeros(1, scene.model.config.latents, device=scene.run.device)
        z[0, : min(2, z.shape[1])] = torch.tensor(self.x)[: z.shape[1]]
        x = scene.model.generate(z)
        own = scene.run.normalizer.from_canvas(x.cpu().numpy())[0]
        rest = "" if z.shape[1] <= 2 else f" (its other {z.shape[1] - 2} numbers are 0)"
        says = f"This latent{rest} becomes ({own[0]:.2f}, {own[1]:.2f}); {judged(scene, x)}.".replace("-", "−")
        layers = {
            "output": encode.marks(x.cpu().numpy(), ["G(z)"], "ink"),
            "latent": encode.marks(first_two(z), ["z"], "ink") | {"panel": 1},
        }
        return {"layers": layers, "says": says}
