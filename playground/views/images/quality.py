"""Scores of samples of images, in the features of a classifier or of their pixels, beside those of a perfect model."""

from collections.abc import Generator, Iterator

import numpy as np

from playground.data import AnyData, Distribution, NamedSet
from playground.data.distributions import Array, Finite
from playground.data.kinds import IMAGES, Kind
from playground.families.capabilities import Conditional, can
from playground.families.conditioning import CLASSES
from playground.metrics.bands import Band, band
from playground.metrics.classifier import AT_ONCE, Seen, shipped
from playground.metrics.density_coverage import NEIGHBOURS
from playground.metrics.features import Features, features_of
from playground.metrics.image_quality import Reference, Scores
from playground.scene.scene import Scene, of_class
from playground.views.base import Chart
from playground.views.charts import line_over_training, lines_over_training
from playground.views.gradual import gradual

ASKED = 500
"""Most samples that are scored, if there are as many on the Stage. On one core, 64 of the digits take 3 ms, 64 of MNIST
4 ms, twice a second; 500 take 20 ms."""

HELD_OUT = 1000
"""Most held-out images that they are compared with."""

TRIALS = 20
LEAST = 20
"""Fewest held-out images that scores can be computed from: those of one class of the digits."""


@gradual
def features(dataset: AnyData) -> Generator[None, None, Features]:
    """The features for a data set."""
    return (yield from features_of(dataset, dataset.distribution))


@gradual
def reference(dataset: AnyData, label: int | None) -> Generator[None, None, Reference]:
    """The held-out images that samples are compared with, of one class or of all."""
    yield from features.ahead(dataset)
    held_out = images(dataset.distribution, label, HELD_OUT)
    found = yield from in_pieces(features(dataset), held_out)
    return Reference(found)


def asked(scene: Scene) -> int:
    """How many samples are scored: as many as leave a perfect model something to vary, which are at most two thirds of
    a finite training set."""
    known, most = scene.run.experiment.dataset.distribution.training, min(ASKED, len(scene.noise))
    return min(most, 2 * len(images(known, scene.label)) // 3) if isinstance(known, Finite) else most


def images(source: Distribution, label: int | None, most: int | None = None) -> Array:
    """Images (n, dim) of a class, or of all: those of a finite set, each once and at most as many, or as many fresh
    ones."""
    if not isinstance(source, Finite):
        return of_class(source, label, most or HELD_OUT, 2000)[0]
    which = np.flatnonzero(np.minimum(source.labels, CLASSES - 1) == label)
    which = which if len(which) else np.arange(len(source))
    return source.values(which if most is None or len(which) <= most else which[_some(len(which), most, 0)])


def _some(count: int, n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(count)[:n]


def in_pieces(known: Features, x: Array) -> Generator[None, None, Array]:
    """The features of images x (n, dim). Yields after some milliseconds."""
    found = []
    for start in range(0, len(x), AT_ONCE):
        found.append(known.see(x[start : start + AT_ONCE]).features)
        yield
    return np.concatenate(found)


@gradual
def bands(dataset: AnyData, label: int | None, n: int) -> Generator[None, None, dict[str, Band]]:
    """The bands of the scores of n samples: of a perfect model, which draws from the images that models learn from."""
    held_out = yield from reference.ahead_of(dataset, label)
    known = yield from in_pieces(features(dataset), images(dataset.distribution.training, label, TRIALS * ASKED))
    scored = []
    for seed in range(TRIALS):
        scored.append(held_out.score(known[_some(len(known), n, seed)]))
        yield
    return {name: band(scores) for name, scores in zip(Scores._fields, np.transpose(scored), strict=True)}


def seen(scene: Scene, n: int = ASKED) -> Seen:
    """What the classifier sees in the first n samples."""
    kept = scene.kept.setdefault("seen", {})
    samples = scene.final_samples[:n]
    if n not in kept or not np.array_equal(kept[n][0], samples):
        pixels = scene.run.normalizer.from_canvas(samples)
        kept[n] = samples.copy(), features(scene.run.experiment.dataset).see(pixels)
    return kept[n][1]


def scores(scene: Scene, samples: np.ndarray) -> Scores:
    """The scores of samples (n, dim) in canvas coordinates, of which as many count as in the bands."""
    dataset = scene.run.experiment.dataset
    pixels = scene.run.normalizer.from_canvas(samples[: asked(scene)])
    return reference(dataset, scene.label).score(features(dataset).see(pixels).features)


def enough(scene: Scene) -> bool:
    """Whether there are enough held-out images to compare samples with."""
    held_out = scene.run.experiment.dataset.distribution
    return not isinstance(held_out, Finite) or len(images(held_out, scene.label)) >= LEAST


def sure(scene: Scene) -> bool:
    """Whether a classifier ships for the data, whose probabilities say how certain it is."""
    dataset = scene.run.experiment.dataset
    return isinstance(dataset, NamedSet) and shipped(dataset.name) is not None


class InFeatures(Chart):
    """A score in features. Those that say nothing else are measured with the Fréchet distance."""

    kinds = IMAGES
    scores: tuple[str, ...]

    def explain(self, family: object, kind: Kind) -> str:
        return self.help + (" Where a class is chosen, all are of it." if can(family, Conditional) else "")

    def applies(self, scene: Scene) -> bool:
        return enough(scene)

    def ahead(self, scene: Scene) -> Iterator[None]:
        return reference.ahead(scene.run.experiment.dataset, scene.label)

    def measure(self, scene: Scene) -> dict[str, float]:
        return {}

    def floors_ahead(self, scene: Scene) -> Iterator[None]:
        return bands.ahead(scene.run.experiment.dataset, scene.label, asked(scene))

    def floors(self, scene: Scene) -> dict[str, float]:
        known = bands(scene.run.experiment.dataset, scene.label, asked(scene))
        return {name: value for score in self.scores for name, value in known[score].named(score).items()}


class Frechet(InFeatures):
    title = "Fréchet distance"
    help = (
        "Squared, between Gaussians fitted to the features of samples and of held-out images (as in FID); 1 is the "
        "spread of the data. The features are a small classifier's, or principal components where none ships."
    )
    scores = ("frechet",)
    inside = "Indistinguishable from as many images"

    def measure(self, scene: Scene) -> dict[str, float]:
        held_out = reference(scene.run.experiment.dataset, scene.label)
        return held_out.score(seen(scene).features[: asked(scene)])._asdict()

    def draw(self):
        return line_over_training("frechet", self.title, log=True)


class Kernel(InFeatures):
    title = "Kernel distance"
    help = (
        "Squared maximum mean discrepancy with a cubic kernel, in the same features (as in KID). It has no bias: a "
        "perfect model's is near 0, and may be below."
    )
    scores = ("kernel",)
    inside = "Indistinguishable from as many images"

    def draw(self):
        return line_over_training("kernel", self.title)


class PrecisionRecall(InFeatures):
    title = "Precision and recall"
    help = (
        f"Shares of samples within reach of an image, its {NEIGHBOURS}th neighbour, and of images within reach of a "
        "sample: how good, and how complete. Dashed: a perfect model's."
    )
    scores = ("precision", "recall")
    unit = "share"

    def draw(self):
        lines = {"precision": "precision@samples", "recall": "recall@ink"}
        return _shares(lines)


class DensityCoverage(InFeatures):
    title = "Density and coverage"
    help = (
        f"How many images have a sample within reach, their {NEIGHBOURS}th neighbour, in {NEIGHBOURS}ths for each "
        "sample, and what share of all. Less easily fooled by outliers than precision and recall."
    )
    scores = ("density", "coverage")

    def draw(self):
        return _shares({"density": "density@samples", "coverage": "coverage@ink"})


def _shares(lines: dict[str, str]):
    floors = {f"{name}, perfect": f"floor:{meta}" for name, meta in lines.items()}
    return lines_over_training(lines | floors).update_yaxes(rangemode="tozero")
