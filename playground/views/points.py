"""The data, and the samples of the model."""

import numpy as np

from playground.views import encode
from playground.views.base import Layer, Measured
from playground.views.scene import Scene


class Data(Layer):
    title = "Data"
    help = "Fresh points of the distribution that the model learns."
    colour = "data"
    shown = True
    still = True
    layouts = ("place", "journey", "forward", "samplers", "score")

    def measure(self, scene: Scene, whole: bool) -> Measured:
        return {"xy": scene.data, "labels": scene.labels}

    def draw(self, measured: Measured):
        labels = measured["labels"]
        return encode.points(measured["xy"], self.colour, labels=labels if labels.any() else None)


class Samples(Layer):
    title = "Samples"
    help = "What the model makes of noise. While it trains, each picture renews a part of them."
    needs = "sample"
    layouts = ("place", "journey", "score", "memory")
    colour = "samples"
    shown = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        if whole and scene.chain is not None:
            return {"xy": scene.chain, "times": scene.chain_times}
        return {"xy": scene.samples, "times": np.array([])}

    def draw(self, measured: Measured):
        return encode.points(measured["xy"], self.colour, times=measured["times"])
