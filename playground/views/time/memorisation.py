"""Memorisation: whether the samples are new or copies of training points."""

import numpy as np
import torch

from playground.data import Drawing
from playground.families.capabilities import Denoiser, VelocityField
from playground.families.conditioning import CLASSES
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Chart, Layer, Measured
from playground.views.charts import line_over_training

RINGED = 60
"""Most training points that are drawn as rings, which remain visible under samples."""
KNOWN = 4096
"""Most training points that samples are compared with."""
ASKED = 500
"""Samples compared with the training points."""
REMEMBERED = 300
EXACT_STEPS = 50
"""Steps of DDIM for the exact denoiser, whatever sampler is chosen. A coarser sampler would blur its samples."""
MOST_PAIRS = 1e7
"""Most pairs of a sample and a training point that the exact denoiser evaluates, over all its steps."""


class TrainingPoints(Layer):
    title = "Training points"
    help = "The points that the model is trained on; the knob is under More."
    colour = "ink"
    needs = VelocityField
    default_on = True
    layouts = ("memorisation",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        return {"xy": scene.run.pool[:1000].cpu().numpy()}

    def draw(self, measured: Measured):
        xy = measured["xy"]
        return encode.points(xy, self.colour) if len(xy) > RINGED else encode.marks(xy, [""] * len(xy), self.colour)


class Remembered(Layer):
    title = "Perfect memory"
    help = "What the exact denoiser of the training points makes of the same noise: it can only repeat them."
    needs = Denoiser
    colour = "noise"
    default_on = True
    layouts = ("memorisation",)

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        if not whole:
            return {}
        model = scene.model.with_sampler("ddim", EXACT_STEPS, eta=0.0)
        known = scene.run.pool[:KNOWN]
        asked = EXACT_STEPS * len(known)
        count = int(np.clip(MOST_PAIRS / asked, 48, REMEMBERED))
        trajectories, times = model.chain(scene.noise[:count], known)[0].cpu().numpy(), model.times().numpy()
        kept = np.unique(np.linspace(0, len(times) - 1, 13).round().astype(int))
        return {"xy": trajectories[kept], "times": times[kept]}

    def draw(self, measured: Measured):
        return encode.points(measured["xy"], self.colour, times=measured["times"]) if measured else []


def nearest(places: np.ndarray, known: torch.Tensor) -> float:
    """The mean distance of data (n, dim) to the nearest of the known data (m, dim)."""
    return float(_distances(torch.as_tensor(places).to(known), known).amin(1).mean())


def nearest_other(known: torch.Tensor, asked: torch.Tensor) -> float:
    """The same of the known data with these indices (n,), each to the nearest of the others."""
    apart = _distances(known[asked], known)
    apart[torch.arange(len(asked)), asked] = torch.inf
    return float(apart.amin(1).mean())


def _distances(x: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    # A matrix product is faster for images; between near points of the plane it is off by a thousandth of the canvas.
    mode = "donot_use_mm_for_euclid_dist" if x.shape[1] == 2 else "use_mm_for_euclid_dist_if_necessary"
    return torch.cdist(x, known, compute_mode=mode)


class Nearest(Chart):
    title = "Distance to the training data"
    help = (
        "From a sample to the nearest training datum, beside the same for held-out data; of a drawing, each of its "
        "own is held out in turn. Far below that, the model repeats what it saw; the exact denoiser of the training "
        "data would score 0."
    )
    needs = Denoiser
    beside = "held-out data"
    kinds = ("points", "images")

    def measure(self, scene: Scene) -> dict[str, float]:
        return {"nearest": self._nearest(scene, scene.final_samples)}

    def floors(self, scene: Scene) -> dict[str, float]:
        run, label = scene.run, scene.label
        if not isinstance(run.experiment.dataset, Drawing):
            return {"nearest": self._nearest(scene, scene.reference)}
        labels = run.labels[:KNOWN].clamp(max=CLASSES - 1)
        own = torch.arange(len(labels)) if label is None else torch.nonzero(labels == label)[:, 0]
        own = own if len(own) else torch.arange(len(labels))
        return {"nearest": nearest_other(run.pool[:KNOWN], own[:ASKED]) / run.normalizer.scale}

    def _nearest(self, scene: Scene, places: np.ndarray) -> float:
        return nearest(places[:ASKED], scene.run.pool[:KNOWN]) / scene.run.normalizer.scale

    def draw(self):
        return line_over_training("nearest", self.title, log=True)
