"""The plane of features in which the classes of the data are farthest apart, and the way of samples through it."""

from collections.abc import Generator, Iterator
from typing import NamedTuple

import numpy as np

from playground.data import AnyData
from playground.data.canvas import HALF
from playground.data.distributions import Array, Finite, Labels
from playground.data.kinds import IMAGES
from playground.metrics.classifier import AT_ONCE
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured, SlowLayer
from playground.views.gradual import gradual
from playground.views.images.quality import features, in_pieces

KNOWN = 300
"""Held-out images in the plane."""

SHOWN = 200
"""Most samples in the plane."""

FILL = 0.85
"""Share of the panel that the data fill."""

TIMES = 9
"""Most times at which samples are shown on their way."""

TRACED = 12
"""Samples whose way is drawn."""

SIZE = 1.8
"""The size of samples, which are fewer than the data."""


class Plane(NamedTuple):
    """axes (k, 2) and centre (2,): features y lie at y @ axes − centre on the canvas. xy (n, 2) and labels (n,): the
    held-out images. images: these, (n, dim), in data coordinates."""

    axes: Array
    centre: Array
    xy: Array
    labels: Labels
    images: Array


@gradual
def plane(dataset: AnyData) -> Generator[None, None, Plane]:
    """The plane for a data set: the same for all models of it, throughout their training."""
    known = yield from features.ahead_of(dataset)
    source = dataset.distribution
    if isinstance(source, Finite):
        chosen = np.random.default_rng(0).permutation(len(source))[:KNOWN]
        x, labels = source.values(chosen), source.labels[chosen]
    else:
        x, labels = source.sample(KNOWN, np.random.default_rng(0))
    seen = yield from in_pieces(known, x)
    axes = discriminants(seen, labels)
    flat = seen @ axes
    low, high = np.quantile(flat, [0.01, 0.99], axis=0)
    scale = 2 * FILL * HALF / (high - low)
    return Plane(axes * scale, (low + high) / 2 * scale, flat * scale - (low + high) / 2 * scale, labels, x)


def discriminants(x: Array, labels: Labels) -> Array:
    """The two directions (k, 2) along which classes differ most, relative to how they vary within (Fisher 1936; Rao
    1948); of a single class, those of its largest variance. x: features (n, k) with labels (n,)."""
    centred = x - x.mean(0)
    classes = [x[labels == label] for label in np.unique(labels)]
    within = sum((part - part.mean(0)).T @ (part - part.mean(0)) for part in classes) / len(x)
    total = centred.T @ centred / len(x)
    if len(classes) < 3:  # which differ along one direction at most
        return np.linalg.eigh(total)[1][:, :-3:-1]
    ridge = 0.1 * np.trace(within) / len(within) * np.eye(len(within))
    values, vectors = np.linalg.eigh(within + ridge)
    white = vectors / np.sqrt(values)
    return white @ np.linalg.eigh(white.T @ (total - within) @ white)[1][:, :-3:-1]


class FeatureData(Layer):
    title = "Data"
    help = "Held-out images, as the classifier sees them, each in the colour of its class."
    kinds = IMAGES
    layouts = ("features",)
    colour = "data"
    default_on = True

    def ahead(self, scene: Scene) -> Iterator[None]:
        return plane.ahead(scene.run.experiment.dataset)

    def measure(self, scene: Scene, whole: bool) -> Measured:
        found = plane(scene.run.experiment.dataset)
        return {"xy": found.xy, "labels": found.labels}

    def draw(self, measured: Measured):
        labels = measured["labels"] if measured["labels"].any() else None
        title = {"title": "features, in the plane of the classes"}
        return encode.points(measured["xy"], self.colour, labels=labels) | title


class FeatureSamples(SlowLayer):
    title = "Samples"
    help = "The samples, as the classifier sees them, at the time of the slider."
    kinds = IMAGES
    layouts = ("features",)
    colour = "samples"
    default_on = True

    def ahead(self, scene: Scene) -> Iterator[None]:
        return plane.ahead(scene.run.experiment.dataset)

    def work(self, scene: Scene, whole: bool) -> Generator[Measured | None, None, None]:
        for _ in plane.ahead(scene.run.experiment.dataset):
            yield None
        chain, times = scene.chain if whole else None, np.zeros(0)
        if chain is None:
            x = scene.samples[None, :SHOWN].copy()
        else:
            kept = np.unique(np.linspace(0, len(chain) - 1, TIMES).round().astype(int))
            x, times = chain[kept, :SHOWN], scene.chain_times[kept]
        found = []
        for places in np.array_split(x.reshape(-1, x.shape[2]), pieces(x)):
            found.append(placed(scene, places))
            yield None
        xy = np.concatenate(found).reshape(*x.shape[:2], 2)
        yield {"xy": xy if len(times) else xy[0], "times": times}

    def draw(self, measured: Measured):
        xy, times = measured["xy"], measured["times"]
        samples = encode.points(xy, self.colour, times=times, size=SIZE)
        return [encode.paths(xy[:, :TRACED], "ink", times), samples] if len(times) else samples


def pieces(x: np.ndarray) -> int:
    """Into how many pieces images x (k, n, dim) are divided."""
    return -(-x.shape[0] * x.shape[1] // AT_ONCE)


def placed(scene: Scene, x: np.ndarray) -> Array:
    """The places (n, 2) on the canvas of images x (n, dim) in canvas coordinates."""
    dataset = scene.run.experiment.dataset
    seen = features(dataset).see(scene.run.normalizer.from_canvas(x)).features
    return seen @ plane(dataset).axes - plane(dataset).centre
