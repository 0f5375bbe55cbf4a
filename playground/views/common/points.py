"""The data, and the samples of the model."""

import numpy as np

from playground.data.kinds import ANY, Kind
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured
from playground.views.common import images


class Data(Layer):
    title = "Data"
    help = "Fresh points of the distribution that the model learns."
    kinds = ANY
    layouts = ("overlay", "journey", "forward", "samplers", "score", "tiles", "latent_map", "latent", "interpolation")
    colour = "data"
    default_on = True
    constant = True

    def explain(self, family: object, kind: Kind) -> str:
        return "Held-out images: the model never saw them." if kind == "images" else self.help

    def measure(self, scene: Scene, whole: bool) -> Measured:
        if scene.kind == "images":
            return {"images": images.of(scene, scene.data)}
        return {"xy": scene.data, "labels": scene.labels}

    def draw(self, measured: Measured):
        if "images" in measured:
            return images.image_grid(measured["images"], self.colour)
        labels = measured["labels"]
        return encode.points(measured["xy"], self.colour, labels=labels if labels.any() else None)


class Samples(Layer):
    title = "Samples"
    help = "What the model makes of noise. While it trains, each picture renews a part of them."
    kinds = ANY
    layouts = ("overlay", "journey", "memorisation", "tiles", "latent_map", "latent")
    colour = "samples"
    default_on = True

    def measure(self, scene: Scene, whole: bool) -> Measured:
        chain = scene.chain if whole else None
        xy, times = (scene.samples, np.array([])) if chain is None else (chain, scene.chain_times)
        if scene.kind == "images":
            shown = images.of(scene, xy)
            shown, times = (shown, times) if chain is None else images.few(shown, times)
            return {"images": shown, "times": times}
        return {"xy": xy, "times": times}

    def draw(self, measured: Measured):
        if "images" in measured:
            image_grid = images.image_grid(measured["images"], self.colour, measured["times"])
            return image_grid | {"panel": 1, "title": "samples"}
        return encode.points(measured["xy"], self.colour, times=measured["times"])
