"""The discriminator's score of each point of the canvas, and the gradient that moves the fakes."""

import numpy as np
import torch
from torch import Tensor

from playground.families.capabilities import Adversarial
from playground.scene import encode
from playground.scene.scene import Scene, cell_centres
from playground.views.base import Layer, Measured

HEAT = 56
ARROWS = 90

LONGEST = 0.9
"""Length of the longest arrow, in canvas units."""

FAINT = 0.02
"""Gradients below this length are drawn shorter than LONGEST, since the generator hardly moves any more."""


def as_tensor(scene: Scene, xy: np.ndarray) -> Tensor:
    return torch.as_tensor(xy, dtype=torch.float32, device=scene.run.device)


class Critic(Layer):
    title = "Discriminator"
    help = "How real it finds each place: blue where it believes, orange where it doesn't, a line where it can't tell."
    needs = Adversarial
    colour = "data"
    default_on = True
    layouts = ("overlay", "latent_map")

    def measure(self, scene: Scene, whole: bool) -> Measured:
        logits = scene.model.critic(cell_centres(HEAT).to(scene.run.device))
        middle = scene.model.boundary(as_tensor(scene, scene.data), as_tensor(scene, scene.samples))
        return {"values": logits.cpu().numpy().reshape(HEAT, HEAT), "middle": np.array(middle)}

    def draw(self, measured: Measured):
        # Squashed like a sigmoid, to emphasise the neighbourhood of the boundary.
        middle = float(np.nan_to_num(measured["middle"]))
        return encode.heat(np.tanh((np.nan_to_num(measured["values"]) - middle) / 4), middle=0.0)


class Gradient(Layer):
    title = "Generator's gradient"
    help = "Where the discriminator's slope sends some of the fakes: the direction that would fool it more."
    needs = Adversarial
    colour = "ink"
    default_on = True
    layouts = ("overlay", "latent_map")

    def measure(self, scene: Scene, whole: bool) -> Measured:
        fakes = scene.samples[:ARROWS]
        pull = scene.model.generator_gradient(as_tensor(scene, fakes), as_tensor(scene, scene.data)).cpu().numpy()
        pull = np.nan_to_num(pull)
        length = np.hypot(*pull.T)[:, None]
        # Square roots of lengths, so that strong and weak gradients are both visible.
        scale = LONGEST / np.sqrt(max(float(length.max()), FAINT) * np.maximum(length, 1e-12))
        return {"start": fakes, "end": fakes + scale * pull}

    def draw(self, measured: Measured):
        return encode.rays(measured["start"], measured["end"], self.colour)
