"""The ways that a few of the samples took from noise."""

from playground.views import encode
from playground.views.base import Layer, Measured
from playground.views.scene import PATHS, Scene


class Paths(Layer):
    title = "Paths"
    help = "The ways of some samples from noise to where they end."
    needs = "trajectory"
    colour = "samples"
    shown = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        if whole and scene.chain is not None:
            return {"xy": scene.chain[:, :PATHS], "times": scene.chain_times}
        return {"xy": scene.paths, "times": scene.paths_times}

    def draw(self, measured: Measured):
        return encode.paths(measured["xy"], self.colour, times=measured["times"])
