"""What a flow starts from, where that is not standard Gaussian noise."""

import torch

from playground.families.capabilities import ConditionalPaths
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured

POINTS = 1000


class Source(Layer):
    title = "Source"
    help = "What the flow starts from: another set of points, or other noise than the standard Gaussian."
    needs = ConditionalPaths
    colour = "noise"
    constant = True
    layouts = ("overlay",)

    def applies(self, scene: Scene) -> bool:
        return not scene.model.standard

    def measure(self, scene: Scene, whole: bool) -> Measured:
        generator = torch.Generator(scene.run.device).manual_seed(scene.run.experiment.seed)
        return {"xy": scene.model.noise(POINTS, generator).cpu().numpy()}

    def draw(self, measured: Measured):
        return encode.points(measured["xy"], self.colour)
