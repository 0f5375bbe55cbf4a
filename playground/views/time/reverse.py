"""The reverse process: x̂0, the denoised point of each sample, and the trajectories of other samplers."""

import numpy as np
import torch

from playground.families.capabilities import Denoiser
from playground.families.diffusion.samplers import SAMPLERS
from playground.scene import encode
from playground.scene.scene import PATHS, Scene, between
from playground.views.base import Layer, Measured

RAYS = 300
COMPARED = ("ddpm", "ddim", "ode_heun", "dpmpp_2m", "edm_stochastic")
FOLLOWED = 300
"""Samples of each sampler. Of these, TRACED have their paths drawn."""
TRACED = 10
TIMES = 13
"""Most times at which trajectories are kept for the browser."""
QUICK = 20
"""Most sampler steps for which samplers are compared while a run trains."""

TIMES_OF = " times"
"""Suffix of the times of a sampler's trajectories."""


class PredictedX0(Layer):
    title = "Denoised x̂₁"
    help = "From each sample a faint line to the data point x̂₁ that the model expects behind it at this time."
    needs = Denoiser
    colour = "noise"
    layouts = ("overlay",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        if whole and scene.chain is not None:
            return {"xy": scene.chain[:, :RAYS], "to": scene.denoised[:, :RAYS], "times": scene.chain_times}
        denoised = (
            scene.denoised
            if scene.denoised.ndim == 2
            else between(scene.denoised[:, :PATHS], scene.chain_times, scene.look.time)
        )
        return {"xy": scene.samples[:PATHS], "to": denoised, "times": np.array([])}

    def draw(self, measured: Measured):
        return encode.rays(measured["xy"], measured["to"], self.colour, measured["times"], heads=False)


class Samplers(Layer):
    title = "Samplers"
    help = "The same noise and as many steps, taken to data by several samplers, each in a panel of its own."
    needs = Denoiser
    colour = "samples"
    default_on = True
    layouts = ("samplers",)

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        model = scene.model
        if not whole and len(model.times()) - 1 > QUICK:
            return {}
        kept = np.unique(np.linspace(0, len(model.times()) - 1, TIMES).round().astype(int))
        chosen, found = model.sampler, {}
        for name in [*COMPARED, *([chosen] if chosen not in COMPARED else [])]:
            other = model.with_sampler(name)
            trajectories, times = other.chain(scene.noise[:FOLLOWED])[0].cpu().numpy(), other.times().numpy()
            found[name] = trajectories[kept] if whole else between(trajectories, times, scene.look.time)
            found[name + TIMES_OF] = times[kept] if whole else np.array([])
        return found

    def draw(self, measured: Measured):
        pieces = []
        trajectories = {name: xy for name, xy in measured.items() if not name.endswith(TIMES_OF)}
        for panel, (name, xy) in enumerate(trajectories.items()):
            where, times = {"panel": panel, "title": SAMPLERS[name].title}, measured[name + TIMES_OF]
            if len(times):
                pieces.append(encode.paths(xy[:, :TRACED], self.colour, times) | where)
            pieces.append(encode.points(xy, self.colour, times=times) | where)
        return pieces
