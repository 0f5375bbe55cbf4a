"""The trajectories of a few samples from noise, and the steps of the solver along them."""

import numpy as np
import torch

from playground.families.capabilities import Solved, Trajectory
from playground.scene import encode
from playground.scene.scene import PATHS, Scene
from playground.solvers import step_times
from playground.views.base import Layer, Measured

QUICK = 20
"""Most solver steps that are shown while a run trains."""


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


class SolverSteps(Layer):
    title = "Solver steps"
    help = "Where the solver's steps begin and end on these paths. dopri5 takes short ones where the field turns."
    needs = Solved
    colour = "ink"
    layouts = ("overlay",)

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        model, z = scene.model, scene.noise[:PATHS]
        adaptive = model.solver == "dopri5"
        if not whole and (adaptive or len(model.times()) - 1 > QUICK):
            return {"xy": np.zeros((0, 2), np.float32)}
        times = step_times(model.velocity, z, model.times(), "dopri5") if adaptive else model.times()
        return {"xy": model.trajectory(z, times).reshape(-1, z.shape[1]).cpu().numpy()}

    def draw(self, measured: Measured):
        return encode.points(measured["xy"], self.colour)
