"""The GAN's mode coverage, and the accuracy of the collapse detector.

    python -m benchmarks.gan [--seeds 5] [--runs 10] [--only coverage|detector]

Coverage follows PacGAN's protocol (Table 1 of arXiv 1712.04086) on its ring and grid: 2,500 samples. A sample is of
high quality within three standard deviations of a mode, and captures that mode. Reverse KL is that of the histogram of
high-quality samples over the modes; a second column adds a bin for samples on no mode. Real data have 98.89% and (k −
1) / 5,000. PacGAN trained for 400,000 steps: 7.8 modes / 95.9% / .07 on the ring, 24.8 / 93.6% / .04 on the grid.
Vanilla is the non-saturating loss without any remedy and with the usual learning rate, otherwise the same, for as many
steps.

The detector is evaluated at the end of runs of known outcome, from 40 measurements of 1,500 samples of the averaged
model each. The runs are the recipes, each with `runs` seeds.

Training is on one thread, as in the app's workers; times are the thread's CPU seconds.
"""

import argparse
import time
from typing import Any

import torch

from benchmarks.table import heading, median, show, target
from playground import Experiment, Run
from playground.families.gan.gan import GAN
from playground.lessons.recipes import recipes
from playground.metrics.gan_collapse import Finding, Measurement, detect, measure
from playground.metrics.mode_coverage import CEILING, score

SAMPLES = 2500
HIGH_QUALITY, REVERSE_KL = 0.96, 0.01
BEST = {
    "ring": (Experiment(family="gan", dataset="ring", steps=8000, config={"batch_size": 384}), 8, 40.0),
    "grid": (recipes("gan")["grid"].experiment, 25, 150.0),
}
"""The best recipe, its number of modes, and the most seconds that it may take."""

VANILLA = {"r1": 0, "discriminator_learning_rate": 1e-3, "generator_learning_rate": 1e-3}

MEASUREMENTS, MEASURED = 40, 1500
LABELS = {"collapse": "full collapse", "cured": None, "strong": "discriminator won", "cycling": "cycling"}


def train(experiment: Experiment) -> tuple[Run, float]:
    cpu = time.thread_time()
    run = Run(experiment)
    while not run.done:
        run.advance()
    return run, time.thread_time() - cpu


def coverage(seeds: int) -> None:
    rows = []
    for name, (best, modes, most) in BEST.items():
        for title, experiment in (("", best), (" vanilla", best.changed(VANILLA))):
            for seed in range(seeds):
                run, cpu = train(experiment.model_copy(update={"seed": seed}))
                known = run.experiment.dataset.distribution.modes
                found = score(run.sample(SAMPLES, seed=1), known)
                captured = int(found.captured.sum())
                cells: list[Any] = [f"{name}{title}, seed {seed}", captured, f"{100 * found.high_quality:.1f}"]
                cells += [f"{found.reverse_kl:.4f}", f"{found.reverse_kl_with_off:.4f}", f"{cpu:.0f}"]
                if not title:
                    for cell in (
                        target(captured, least=modes, digits=0),
                        target(100 * found.high_quality, least=100 * HIGH_QUALITY, digits=0),
                        target(found.reverse_kl, most=REVERSE_KL),
                        target(cpu, most=most, digits=0),
                    ):
                        cells += cell[1:]
                rows.append(cells)
    heading(f"Modes captured, {SAMPLES:,} samples: all modes, HQ ≥ {HIGH_QUALITY:.0%}, reverse KL ≤ {REVERSE_KL}")
    show(("", "modes", "HQ %", "rKL", "with off", "CPU s", "modes", "HQ", "rKL", "CPU"), rows)


def watched(experiment: Experiment) -> tuple[Finding | None, list[Measurement], float]:
    """The detector's finding at the end of a training, its measurements, and the seconds of training alone."""
    run, history, seconds = Run(experiment), [], 0.0
    modes, data = experiment.dataset.distribution.modes, experiment.data(MEASURED, seed=experiment.seed + 1)
    assert modes is not None
    model: GAN = run.averaged  # type: ignore[assignment]
    real = torch.as_tensor(run.normalizer.to_canvas(data), dtype=torch.float32)
    every = max(1, experiment.steps // MEASUREMENTS)
    while not run.done:
        cpu = time.thread_time()
        run.advance()
        seconds += time.thread_time() - cpu
        if run.step % every == 0:
            samples = run.sample(MEASURED, seed=1)
            fake = torch.as_tensor(run.normalizer.to_canvas(samples), dtype=torch.float32)
            history.append(measure(run.step, samples, data, modes, model.signals(real, fake), CEILING))
    return detect(history, experiment.steps), history, seconds


def detector(runs: int) -> None:
    rows, right, total = [], 0, 0
    collapsed = {}
    for name, label in LABELS.items():
        recipe = recipes("gan")[name]
        said, steps, held, seconds = [], [], [], []
        for seed in range(runs):
            found, history, cpu = watched(recipe.experiment.model_copy(update={"seed": seed}))
            said.append(found.kind if found else None)
            steps += [found.step] if found else []
            held.append(history[-1].effective * len(history[-1].due))
            seconds.append(cpu)
        agree = sum(kind == label for kind in said)
        right, total = right + agree, total + runs
        # The ground truth, independent of the detector: the effective number of modes is below half.
        collapsed[name] = sum(share < len(history[-1].due) / 2 for share in held)
        others = sorted({str(kind) for kind in said if kind != label})
        rows.append(
            (
                recipe.title,
                label or "nothing",
                f"{agree}/{runs}",
                ", ".join(others),
                f"{median(steps):.0f}" if steps else "",
                f"{median(held):.1f}",
                f"{median(seconds):.1f}",
            )
        )
    heading(f"The detector on {total} labelled runs")
    show(("", "label", "right", "else", "since step", "modes held", "CPU s"), rows)
    show(
        ("", "", "target", "met"),
        [
            ("right", f"{right / total:.2f}", *target(right / total, least=0.9)),
            ("collapse recipe collapses", f"{collapsed['collapse']}", *target(collapsed["collapse"], least=0.9 * runs)),
            ("cured recipe collapses", f"{collapsed['cured']}", *target(collapsed["cured"], most=0.1 * runs)),
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--only", choices=("coverage", "detector"))
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.only != "coverage":
        detector(given.runs)
    if given.only != "detector":
        coverage(given.seeds)


if __name__ == "__main__":
    main()
