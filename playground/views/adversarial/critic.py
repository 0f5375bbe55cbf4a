"""What the discriminator of a GAN thinks of each place, and where it sends the fakes."""

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
"""Of the arrows, in units of the square …"""

FAINT = 0.02
"""… unless no gradient is longer than this: then they all shrink away, as the generator is moved no more."""


def as_tensor(scene: Scene, xy: np.ndarray) -> Tensor:
    return torch.as_tensor(xy, dtype=torch.float32, device=scene.run.device)


class Critic(Layer):
    title = "Discriminator"
    help = "How real it finds each place: blue where it believes, orange where it doesn't, a line where it can't tell."
    needs = Adversarial
    colour = "data"
    default_on = True
    layouts = ("place", "latent_map")

    def measure(self, scene: Scene, whole: bool) -> Measured:
        logits = scene.model.critic(cell_centres(HEAT).to(scene.run.device))
        middle = scene.model.boundary(as_tensor(scene, scene.data), as_tensor(scene, scene.samples))
        return {"values": logits.cpu().numpy().reshape(HEAT, HEAT), "middle": np.array(middle)}

    def draw(self, measured: Measured):
        # Squeezed like a sigmoid, so that what matters is the neighbourhood of the line.
        middle = float(np.nan_to_num(measured["middle"]))
        return encode.heat(np.tanh((np.nan_to_num(measured["values"]) - middle) / 4), middle=0.0)


class Gradient(Layer):
    title = "Generator's gradient"
    help = "Where the discriminator's slope sends some of the fakes: the direction that would fool it more."
    needs = Adversarial
    colour = "ink"
    default_on = True
    layouts = ("place", "latent_map")

    def measure(self, scene: Scene, whole: bool) -> Measured:
        fakes = scene.samples[:ARROWS]
        pull = scene.model.generator_gradient(as_tensor(scene, fakes), as_tensor(scene, scene.data)).cpu().numpy()
        pull = np.nan_to_num(pull)
        length = np.hypot(*pull.T)[:, None]
        # Square roots of lengths: strong and weak pulls are both seen.
        scale = LONGEST / np.sqrt(max(float(length.max()), FAINT) * np.maximum(length, 1e-12))
        return {"start": fakes, "end": fakes + scale * pull}

    def draw(self, measured: Measured):
        return encode.rays(measured["start"], measured["end"], self.colour)
