"""Guidance: the model's samples of a class, beside the data of that class."""

import numpy as np

from playground.data.canvas import HALF
from playground.families.capabilities import Conditional
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured

CELLS = 48
BLUR = 1.2
"""Standard deviation of the blur, in cells."""


class ChosenClass(Layer):
    title = "Chosen class"
    help = "Fresh data of the class that is sampled; of all classes, where none is chosen."
    needs = Conditional
    colour = "data"
    layouts = ("overlay",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        label = scene.label
        labels = scene.labels if label is None else np.full(len(scene.reference), label)
        return {"xy": scene.reference, "labels": labels}

    def draw(self, measured: Measured):
        labels = measured["labels"]
        return encode.points(measured["xy"], self.colour, labels=labels if labels.any() else None)


class Guided(Layer):
    title = "Density"
    help = "How dense the samples are on the left, and data of the chosen class on the right, in the same shades."
    needs = Conditional
    colour = "map"
    default_on = True
    layouts = ("guided",)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        return {"made": scene.final_samples, "wanted": scene.reference, "scale": np.array(scene.run.normalizer.scale)}

    def draw(self, measured: Measured):
        colours = {"made": "samples", "wanted": "data"}
        densities = {name: density(measured[name]) for name in colours}
        # The data set the scale. Where the samples are denser than any data of the class, the shade is clipped.
        most = float(densities["wanted"].max())
        own = most * measured["scale"] ** 2  # in the data's own coordinates
        pieces = []
        for panel, (name, colour) in enumerate(colours.items()):
            heat = encode.heat(densities[name], span=(0.0, most), bar=encode.bar("Density", 0.0, own))
            pieces.append(heat | {"panel": panel})
            pieces.append(encode.points(measured[name], colour) | {"panel": panel})
        return pieces


def density(xy: np.ndarray) -> np.ndarray:
    """The density of points (n, 2) in each cell of the canvas, blurred: (CELLS, CELLS), with y first."""
    edges = np.linspace(-HALF, HALF, CELLS + 1)
    counts = np.histogram2d(xy[:, 1], xy[:, 0], bins=(edges, edges))[0]
    away = np.arange(CELLS)[:, None] - np.arange(CELLS)
    kernel = np.exp(-(away**2) / (2 * BLUR**2)) / (BLUR * np.sqrt(2 * np.pi))
    return kernel @ counts @ kernel.T / len(xy) / (2 * HALF / CELLS) ** 2
