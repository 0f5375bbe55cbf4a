"""How soon models of images make images that count.

    python -m benchmarks.images [--only digits/flow]

Every family with its default settings on digits and on MNIST, flow and diffusion also in latents. Samples are judged at
the end of the training, and before, if its time is over then: by the classifier that ships (how certain it is of a
sample's class, on average, and how many classes have at least a fifth of their share) and by the Fréchet distance to
held-out images in that classifier's features. The floor is that of as many images that models learn from.

Training is on one thread, as in the app's workers; times are the thread's CPU seconds, without the judging.
"""

import argparse
import time
from typing import Any, NamedTuple

import numpy as np
import torch

from benchmarks.table import heading, show, target
from playground import Experiment
from playground.metrics.gan_collapse import HELD
from playground.training.run import Run
from playground.views.images.classes import due, seen_as
from playground.views.images.quality import ASKED, bands, features, reference

CONFIDENCE = 0.8
"""Least mean confidence of the classifier."""

SECONDS = {"digits": 30.0, "digits/gan": 60.0, "mnist": 240.0}
"""The time of a model, in CPU seconds: of its own, or as of all models of its data."""

LATENT: dict[str, Any] = {"space": "latents"}
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "vae": ("vae", {}),
    "vae with a learned prior": ("vae", {"latents": 4, "prior": "mixture", "components": 32}),
    "gan": ("gan", {}),
    "flow": ("flow", {}),
    "flow in latents": ("flow", LATENT),
    "diffusion": ("diffusion", {}),
    "diffusion in latents": ("diffusion", LATENT),
}
"""The family of each, and what of its settings is not the default."""


class Judged(NamedTuple):
    """frechet: as the page shows it, 1 is the spread of the data. present: of the classes."""

    confidence: float
    present: int
    frechet: float


def judged(run: Run) -> Judged:
    dataset = run.experiment.dataset
    seen = features(dataset).see(run.sample(ASKED, seed=1))
    classes = dataset.distribution.classes
    shares = np.bincount(seen_as(seen.probabilities, classes), minlength=classes + 1)[:-1] / ASKED
    present = int((shares >= HELD * due(dataset, None)).sum())
    frechet = reference(dataset, None).score(seen.features).frechet
    return Judged(float(seen.probabilities.max(1).mean()), present, frechet)


def row(name: str, when: str, run: Run, cpu: float) -> list[str]:
    dataset = run.experiment.dataset
    found, floor = judged(run), bands(dataset, None, ASKED)["frechet"]
    certain = target(found.confidence, least=CONFIDENCE)
    complete = target(found.present, least=dataset.distribution.classes, digits=0)
    cells = [name, when, f"{run.step:,}", f"{cpu:.0f}", f"{run.step / cpu:.0f}"]
    cells += [f"{found.confidence:.2f}", *certain, str(found.present), *complete]
    return [*cells, f"{found.frechet:.3f}", f"{floor.low:.3f} to {floor.high:.3f}"]


def rows(name: str, experiment: Experiment, most: float) -> list[list[str]]:
    """The row of when its time is over, if the training is not, and that of the end of the training."""
    run, cpu, found = Run(experiment, device="cpu"), 0.0, list[list[str]]()
    while not run.done:
        began = time.thread_time()
        run.advance()
        cpu += time.thread_time() - began
        if cpu >= most and not found:
            found.append(row(name, f"after {most:.0f} s", run, cpu))
    return [*found, row(name, "trained", run, cpu)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="TEXT", help="a part of names such as 'digits/flow in latents'")
    only = parser.parse_args().only
    torch.set_num_threads(1)
    table = []
    for data in ("digits", "mnist"):
        for model, (family, config) in MODELS.items():
            name = f"{data}/{model}"
            if only in name:
                most = SECONDS.get(name, SECONDS[data])
                table += rows(name, Experiment(family=family, dataset=data, config=config), most)
    heading(f"{ASKED} samples: confidence ≥ {CONFIDENCE} and all classes")
    columns = ["", "when", "steps", "CPU s", "steps/s", "certain", "target", "met", "classes"]
    show([*columns, "target", "met", "Fréchet", "floor"], table)


if __name__ == "__main__":
    main()
