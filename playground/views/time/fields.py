"""Velocity fields: the learned field, the exact field of the data, and their speed."""

import numpy as np
import torch
from torch import Tensor

from playground.data.canvas import HALF
from playground.families.capabilities import ExactField, VelocityField
from playground.scene import encode
from playground.scene.scene import Scene, cell_centres
from playground.views.base import Layer, Measured

ARROWS = 18
HEAT = 64
TIMES = np.linspace(0, 1, 11)

FASTEST = 2 * HALF
"""The velocity of the longest arrow: over the canvas in a unit of time. The same for both fields, so that they can be
compared; the exact one grows without bound towards the data."""


def over_time(scene: Scene, whole: bool, cells: int, field) -> Measured:
    """A field on the grid at the scene's time, (cells, cells, …), or at all TIMES, (k, cells, cells, …)."""
    places = cell_centres(cells).to(scene.run.device)
    times = TIMES if whole else [scene.look.time]
    values = [field(places, torch.full((len(places),), float(t), device=places.device)).cpu().numpy() for t in times]
    stacked = np.stack(values).reshape(len(times), cells, cells, *values[0].shape[1:])
    return {"values": stacked if whole else stacked[0], "times": np.array(times)}


class Velocity(Layer):
    title = "Field"
    help = "The velocity that the network has learned at this time."
    needs = VelocityField
    colour = "ink"

    def measure(self, scene: Scene, whole: bool) -> Measured:
        return over_time(scene, whole, ARROWS, scene.model.velocity)

    def draw(self, measured: Measured):
        return encode.arrows(measured["values"], self.colour, measured["times"], FASTEST)


class ExactVelocity(Layer):
    title = "Exact field"
    help = "The velocity that would carry noise exactly onto the data shown: what the network is trying to learn."
    needs = ExactField
    colour = "data"

    def measure(self, scene: Scene, whole: bool) -> Measured:
        data = torch.as_tensor(scene.data, dtype=torch.float32, device=scene.run.device)
        return over_time(scene, whole, ARROWS, lambda x, t: scene.model.exact_velocity(x, t, data))

    def draw(self, measured: Measured):
        return encode.arrows(measured["values"], self.colour, measured["times"], FASTEST)


class Speed(Layer):
    title = "Speed"
    help = "How fast the learned field moves points here at this time."
    needs = VelocityField
    colour = "map"

    def measure(self, scene: Scene, whole: bool) -> Measured:
        def speed(x: Tensor, t: Tensor) -> Tensor:
            return scene.model.velocity(x, t).norm(dim=1)

        return over_time(scene, whole, HEAT, speed) | {"scale": np.array(scene.run.normalizer.scale)}

    def draw(self, measured: Measured):
        most = float(np.nan_to_num(measured["values"]).max())
        bar = encode.bar("Speed", 0.0, most / measured["scale"])
        return encode.heat(measured["values"], measured["times"], span=(0.0, most), bar=bar)
