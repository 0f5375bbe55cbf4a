"""The collapse detector: what it says of healthy trainings, and of those that break as their recipe says.

    python -m benchmarks.detector [--runs 10] [--seeds 2] [--only broken|healthy]

Every training is watched as on the page. A healthy one has the default settings, on each set of points; it counts as
healthy if its samples end nearer than FAR times a perfect model's distance. What the detector says at any of its forty
measurements is then false. A broken one is a recipe, whose label is compared with the detector's last word, or a GAN
without any remedy on the ring or the grid, which is labelled by the modes that it lacks in the end.

Two trainings run at a time, on one thread each.
"""

import argparse
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple

import torch

from benchmarks.gan import VANILLA
from benchmarks.table import heading, show, target
from playground import Experiment, Run
from playground.data import POINT_SETS
from playground.engine.hosting.camera import Camera
from playground.lessons.recipes import recipes
from playground.metrics.distances import sliced_wasserstein
from playground.metrics.gan_collapse import HELD
from playground.scene.scene import Scene

LABELS = {"collapse": "Full collapse", "cured": None, "strong": "Discriminator won", "cycling": "Cycling"}
SAMPLES = 4000
FAR = 2.5


class Watched(NamedTuple):
    """said: the detector's word at each measurement. distance: of the samples, relative to that of other data. missing:
    the modes that lack samples in the end."""

    said: list[str | None]
    distance: float
    missing: int


def watch(experiment: Experiment) -> Watched:
    torch.set_num_threads(1)
    run = Run(experiment)
    camera, said = Camera(Scene(run)), []
    while not run.done:
        run.advance()
        before = len(camera.scene.kept.get("collapse", ()))
        camera.monitor()
        if len(camera.scene.kept.get("collapse", ())) != before:
            said.append(camera.alerts.get("collapse", {}).get("title"))
    data, other = (torch.from_numpy(experiment.data(SAMPLES, seed=seed)).float() for seed in (9, 10))
    samples = torch.from_numpy(run.sample(SAMPLES, seed=1)).float()
    distance = float(sliced_wasserstein(samples, data) / sliced_wasserstein(other, data))
    last = camera.scene.kept["collapse"][-1]
    return Watched(said, distance, int((last.nearest < HELD * last.due).sum()))


def seeded(experiment: Experiment, seeds: int) -> list[Experiment]:
    return [experiment.model_copy(update={"seed": seed}) for seed in range(seeds)]


def healthy(seeds: int, pool: ProcessPoolExecutor) -> None:
    sets = list(POINT_SETS)
    wanted = [one for name in sets for one in seeded(Experiment(family="gan", dataset=name), seeds)]
    wanted += seeded(recipes("gan")["cured"].experiment, 3 * seeds)
    rows: list[tuple[Any, ...]] = []
    false = well = 0
    for experiment, found in zip(wanted, pool.map(watch, wanted), strict=True):
        told = Counter(word for word in found.said if word)
        is_well = found.distance < FAR
        well, false = well + is_well, false + (is_well and bool(told))
        words = ", ".join(f"{word} ({times} times)" for word, times in told.items())
        rows.append((f"{experiment.dataset.name}, seed {experiment.seed}", f"{found.distance:.2f}", words))
    heading("What is said of trainings with the default settings")
    show(("", "distance", "told of"), rows)
    show(("", "", "target", "met"), [(f"false, of {well} healthy", false, *target(false, most=0, digits=0))])


def broken(runs: int, pool: ProcessPoolExecutor) -> None:
    rows: list[tuple[Any, ...]] = []
    right = total = 0
    vanilla = {
        f"{name}, no remedy": Experiment(family="gan", dataset=name, steps=4000).changed(VANILLA | {"averaging": 0})
        for name in ("ring", "grid")
    }
    known = {recipes("gan")[name].title: (recipes("gan")[name].experiment, label) for name, label in LABELS.items()}
    for title, experiment in vanilla.items():
        known[title] = experiment, "by its modes"
    for title, (experiment, label) in known.items():
        found = list(pool.map(watch, seeded(experiment, runs)))
        labels = [one_label(label, one) for one in found]
        agree = sum(one.said[-1] == wanted for one, wanted in zip(found, labels, strict=True))
        right, total = right + agree, total + runs
        others = Counter(str(one.said[-1]) for one, wanted in zip(found, labels, strict=True) if one.said[-1] != wanted)
        rows.append(
            (title, label or "nothing", f"{agree}/{runs}", ", ".join(f"{n} {word}" for word, n in others.items()))
        )
    heading(f"The last word on {total} labelled trainings")
    show(("", "label", "right", "else"), rows)
    show(("", "", "target", "met"), [("right", f"{right / total:.2f}", *target(right / total, least=0.9))])


def one_label(label: str | None, found: Watched) -> str | None:
    if label != "by its modes":
        return label
    return "Mode dropping" if found.missing else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--only", choices=("broken", "healthy"))
    given = parser.parse_args()
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        if given.only != "healthy":
            broken(given.runs, pool)
        if given.only != "broken":
            healthy(given.seeds, pool)


if __name__ == "__main__":
    main()
