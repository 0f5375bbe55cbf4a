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

LEAST = 0.05
"""Least difference from a half that the colours of a probability resolve: below it, a map is of noise."""

LONGEST = 0.9
"""Length of the longest arrow, in canvas units."""

FAINT = 0.02
"""Gradients below this length are drawn shorter than LONGEST, since the generator hardly moves any more."""


def as_tensor(scene: Scene, xy: np.ndarray) -> Tensor:
    return torch.as_tensor(xy, dtype=torch.float32, device=scene.run.device)


class Critic(Layer):
    title = "Discriminator"
    help = "How real it finds each place: green where it believes, purple where it doesn't, a line where it can't tell."
    needs = Adversarial
    colour = "real"
    default_on = True
    layouts = ("overlay", "latent_map")

    def measure(self, scene: Scene, whole: bool) -> Measured:
        model, points = scene.model, [as_tensor(scene, xy) for xy in (scene.data, scene.samples)]
        logits = model.critic(cell_centres(HEAT).to(scene.run.device)).reshape(HEAT, HEAT)
        if model.judges_by_probability:
            return {"values": logits.sigmoid().cpu().numpy()}
        # A score has no scale of its own. That of the points is used: elsewhere, its values may be huge.
        middle = model.boundary(*points)
        reach = max(float((model.critic(xy) - middle).abs().max()) for xy in points)
        return {"values": logits.cpu().numpy(), "middle": np.array(middle), "reach": np.array(reach)}

    def draw(self, measured: Measured):
        words = ("fake", "real")
        values = measured["values"]
        if "reach" in measured:
            title, middle, reach = "Score D(x)", float(np.nan_to_num(measured["middle"])), float(measured["reach"])
        else:  # close to a draw, all probabilities are near a half, and their differences would not be seen
            title, middle, reach = "D(x)", 0.5, max(LEAST, float(np.abs(np.nan_to_num(values) - 0.5).max()))
        span = (middle - round_up(reach), middle + round_up(reach))
        return encode.heat(values, middle=middle, span=span, bar=encode.bar(title, *span, words))


def round_up(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten, so that a scale seldom changes; 1 for what is not a positive number."""
    if not (np.isfinite(value) and value > 0):
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * min(digit for digit in (1, 2, 5, 10) if digit * power >= value * (1 - 1e-9)))


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
