"""What a contestant's samples are worth, by several measures, and what a perfect model would score.

Distances are in the data's own coordinates. All but the sliced one compare at most POINTS samples with as many data.
"""

import math
from collections.abc import Callable, Generator, Iterable
from itertools import islice

import numpy as np
import torch

from playground.budget import stage_samples
from playground.data import AnyData
from playground.families import FAMILIES
from playground.families.capabilities import ContinuousDensity, Density, can
from playground.metrics.bands import band
from playground.metrics.density_coverage import MANIFOLD, Balls
from playground.metrics.mmd import mmd
from playground.metrics.transport import wasserstein
from playground.race.parameters import parameters
from playground.scene import perfect
from playground.scene.scene import Scene
from playground.training.device import clock_of
from playground.training.likelihood import has_likelihood, log_prob_in_pieces
from playground.views.common.judgement import judged
from playground.views.gradual import gradual
from playground.views.latent.elbo import log_det_scale
from playground.views.latent.likelihood import exact, test_points

POINTS = 512
"""Most points of each sample that is compared; the exact distance takes 20 ms for them."""

PAIRS = 2
"""Most pairs of samples over which a measure is averaged."""

TRIALS = 20
"""Scores of a perfect model that make a band."""

HELD_OUT = 500
"""Points whose log-likelihood is computed."""

BATCH = 256
"""Samples that are made at once when their time is measured."""

Pieces = Generator[None, None, dict[str, float]]
Points = np.ndarray

MEASURES: dict[str, Callable[[Points, Points], float]] = {
    "wasserstein": wasserstein,
    "mmd": mmd,
    "precision": lambda samples, data: Balls(data, MANIFOLD).holds(samples),
    "recall": lambda samples, data: Balls(samples, MANIFOLD).holds(data),
    "density": lambda samples, data: Balls(data).density(samples),
    "coverage": lambda samples, data: Balls(data).coverage(samples),
}
"""Measures of samples and data, both (n, dim) on the canvas."""


def measures(scene: Scene) -> Pieces:
    """All measures of a scene's model, as scalars. Yields after some milliseconds. Raises ValueError, with a sentence
    for the visitor, if its samples are no numbers."""
    scene.complete_samples()
    samples, run, dataset = scene.final_samples, scene.run, scene.run.experiment.dataset
    if not np.isfinite(samples).all():
        raise ValueError("The samples of this model are no numbers: it has blown up.")
    yield
    found = {"distance": judged(scene, samples)}
    yield
    apart = perfect.references(dataset, scene.label, _most(dataset), replace=False)
    data = map(run.normalizer.to_canvas, apart)
    found |= yield from _compared(samples, data, run.normalizer.scale)
    found |= yield from _likelihood(scene)
    config, family = run.experiment.config, FAMILIES[run.experiment.family]
    found |= {"evaluations": family.evaluations(config), "milliseconds": (yield from _milliseconds(scene))}
    return found | {"parameters": parameters(run.experiment.family, config, scene.shape)}


def _compared(samples: Points, references: Iterable[Points], scale: float) -> Pieces:
    """The means of MEASURES over pairs of samples and data, both on the canvas, of which a unit is 1 / scale of the
    data's own."""
    scores: dict[str, list[float]] = {name: [] for name in MEASURES}
    for i, data in enumerate(islice(references, PAIRS)):
        part = samples[i * len(data) : (i + 1) * len(data)]
        if i and len(part) < len(data):  # images are fewer, and make one pair
            break
        for name, measure in MEASURES.items():
            scores[name].append(measure(part, data[: len(part)].astype(np.float32)))
            yield
    means = {name: float(np.mean(found)) for name, found in scores.items()}
    return means | {"wasserstein": means["wasserstein"] / scale}


def _most(dataset: AnyData) -> int:
    """The most points of one sample that is compared."""
    return min(POINTS, stage_samples(dataset.shape))


@torch.no_grad()
def _likelihood(scene: Scene) -> Pieces:
    """The mean log-likelihood of held-out data and its standard error, in nats, where the model has one that can be had
    in a moment: the divergence of a field over 64 pixels can't."""
    x = test_points(scene, HELD_OUT)
    slow = can(scene.model, ContinuousDensity) and not can(scene.model, Density) and scene.kind == "images"
    if slow or not has_likelihood(scene.model):
        return {}
    values, errors = yield from log_prob_in_pieces(scene.model, x)
    if not values.isfinite().all():
        return {}
    spread = math.hypot(float(values.std()) / math.sqrt(len(x)), float(errors.mean()) / math.sqrt(len(x)))
    found = {"log_likelihood": float(values.mean()) - log_det_scale(scene), "log_likelihood_error": spread}
    ceiling = exact(scene, x)
    return found if ceiling is None else found | {"log_likelihood_ceiling": -ceiling}


def _milliseconds(scene: Scene) -> Generator[None, None, float]:
    """Milliseconds for a thousand samples, in batches."""
    clock, spent = clock_of(scene.run.device), []
    for _ in range(4):
        began = clock()
        with torch.no_grad():
            scene.model.sample(BATCH, scene.rng()).cpu()
        spent.append(clock() - began)
        yield
    return float(np.median(spent[1:])) * 1000 * 1000 / BATCH


@gradual
def bands(dataset: AnyData, label: int | None) -> Generator[None, None, dict[str, list[float]]]:
    """What a perfect model scores in each of MEASURES: {name: [mean, low, high]} (see `playground.metrics.bands`)."""
    scores: dict[str, list[float]] = {name: [] for name in MEASURES}
    normalizer = dataset.normalizer
    for trial in islice(perfect.trials(dataset, label, n=_most(dataset), replace=False), TRIALS):
        data = map(normalizer.to_canvas, trial.references)
        sample = normalizer.to_canvas(trial.sample).astype(np.float32)
        for name, score in (yield from _compared(sample, data, normalizer.scale)).items():
            scores[name].append(score)
    return {name: list(band(found)) for name, found in scores.items()}
