"""The trajectories of a few samples from noise."""

from playground.families.capabilities import Trajectory
from playground.scene import encode
from playground.scene.scene import PATHS, Scene
from playground.views.base import Layer, Measured


class Paths(Layer):
    title = "Paths"
    help = "The paths of some samples from noise to where they end."
    needs = Trajectory
    colour = "samples"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        if whole and scene.chain is not None:
            return {"xy": scene.chain[:, :PATHS], "times": scene.chain_times}
        return {"xy": scene.paths, "times": scene.paths_times}

    def draw(self, measured: Measured):
        return encode.paths(measured["xy"], self.colour, times=measured["times"])
