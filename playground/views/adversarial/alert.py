"""The collapse detector, which runs while a GAN trains."""

import math
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import torch

from playground.data.kinds import ANY
from playground.families.capabilities import Adversarial
from playground.metrics import gan_collapse
from playground.scene.scene import Scene
from playground.views.adversarial.latents import latents
from playground.views.adversarial.modes import known
from playground.views.base import Monitor
from playground.views.images.classes import due, names
from playground.views.images.quality import bands, features, reference, sure

LONGEST = 200
"""Most measurements that are kept, in case of a very long training."""

IMAGES_ASKED = 128
"""Samples of images that are measured, some 20 ms: enough to tell a class of ten from a fifth of it."""

LARGE = 16
"""Most pixels along a side of images that are watched. On digits, three healthy trainings raised no alert, and three
broken ones did. On MNIST, samples of a healthy one were a clump for two thirds of 1,500 steps, before it had learned.
"""

PARTS = 20
"""A remedy begins at a twentieth of the training, the last one before the failure: a little time for it to act."""


class Collapse(Monitor):
    title = "Collapse"
    help = "Says when and how the game broke, and what may help."
    needs = Adversarial
    kinds = ANY

    def applies(self, scene: Scene) -> bool:
        """Images need a classifier that tells several classes apart, and may not be large (see LARGE)."""
        if scene.kind == "points":
            return True
        return sure(scene) and scene.run.experiment.dataset.distribution.classes > 1 and max(scene.shape) <= LARGE

    def ahead(self, scene: Scene) -> Iterator[None]:
        dataset = scene.run.experiment.dataset
        return bands.ahead(dataset, None, IMAGES_ASKED) if scene.kind == "images" else known.ahead(dataset)

    def measure(self, scene: Scene) -> dict[str, Any] | None:
        run, history = scene.run, scene.kept.setdefault("collapse", [])
        history.append(_of_images(scene) if scene.kind == "images" else _of_points(scene))
        del history[:-LONGEST]
        finding = gan_collapse.detect(history, run.experiment.steps)
        if finding is None:
            return None
        return {
            "title": finding.kind.capitalize(),
            "step": finding.step,
            "before": finding.before - finding.before % math.ceil(run.experiment.steps / PARTS),
            "sentence": _sentence(scene, finding, history[-1]),
            "remedies": [
                {"title": remedy.title, "why": remedy.why, "changes": dict(remedy.changes)}
                for remedy in gan_collapse.REMEDIES[finding.kind]
                if any(getattr(run.experiment.config, name) != value for name, value in remedy.changes.items())
            ],
        }

    def remember(self, source: Scene, scene: Scene, step: int) -> None:
        scene.kept["collapse"] = [measured for measured in source.kept.get("collapse", []) if measured.step <= step]


def _sentence(scene: Scene, finding: gan_collapse.Finding, now: gan_collapse.Measurement) -> str:
    """What happened. It names the modes that are lost, by their numbers on the Stage, or the classes of images. On a
    curve or a drawing there are none: what the detector compares there are clusters, which no picture shows."""
    if finding.kind != "mode dropping":
        return finding.sentence
    dataset, lost = scene.run.experiment.dataset, np.flatnonzero(now.nearest < gan_collapse.HELD * now.due)
    if scene.kind == "points" and dataset.distribution.modes is None:
        count = len(now.due)
        return f"The generator has given up parts of the data: it covers {count - len(lost)} of {count} regions."
    called = names(dataset) if scene.kind == "images" else None
    numbers = [str(i + 1) if called is None else called[i] for i in lost]
    return finding.sentence + (f" Given up: {', '.join(numbers)}." if 0 < len(numbers) <= 12 else "")


def _of_points(scene: Scene) -> gan_collapse.Measurement:
    run, model = scene.run, cast(Any, scene.run.averaged)
    found = known(run.experiment.dataset)
    fake = model.generate(latents(scene))
    real = torch.as_tensor(scene.data, dtype=torch.float32, device=run.device)
    samples, data = run.normalizer.from_canvas(fake.cpu().numpy()), run.normalizer.from_canvas(scene.data)
    signals = model.signals(real, fake)
    return gan_collapse.measure(run.step, samples, data, found.modes, signals, found.ceiling)


def _of_images(scene: Scene) -> gan_collapse.Measurement:
    run, model, dataset = scene.run, cast(Any, scene.run.averaged), scene.run.experiment.dataset
    see = features(dataset).see
    fake = model.generate(model.latent(IMAGES_ASKED, scene.rng()))
    if "real" not in scene.kept:
        real = scene.fresh(IMAGES_ASKED, run.experiment.seed + 2)
        scene.kept["real"] = torch.as_tensor(real, device=run.device), see(run.normalizer.from_canvas(real))
    real, data = scene.kept["real"]
    made = see(run.normalizer.from_canvas(fake.cpu().numpy()))
    good = (
        reference(dataset, None).score(made.features).precision / bands(dataset, None, IMAGES_ASKED)["precision"].mean
    )
    signals = model.signals(real, fake)
    return gan_collapse.measure_classes(run.step, made, data, due(dataset, None), good, signals)
