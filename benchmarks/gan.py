"""The GAN's mode coverage.

    python -m benchmarks.gan [--seeds 5] [--only best]

It follows PacGAN's protocol (Table 1 of arXiv 1712.04086) on its ring and grid: 2,500 samples. A sample is of
high quality within three standard deviations of a mode, and captures that mode. Reverse KL is that of the histogram of
high-quality samples over the modes; a second column adds a bin for samples on no mode. Real data have 98.89% and (k −
1) / 5,000. PacGAN trained for 400,000 steps. Vanilla is the non-saturating loss without any remedy and with the usual
learning rate, otherwise the same, for as many steps.

Training is on one thread, as in the app's workers; times are the thread's CPU seconds.
"""

import argparse
import time
from typing import Any

import numpy as np
import torch

from benchmarks.table import Figure, heading, show, side_by_side, target
from playground import Experiment, Run
from playground.lessons.recipes import recipes
from playground.metrics.mode_coverage import score

SAMPLES = 2500
HIGH_QUALITY, REVERSE_KL = 0.96, 0.01
BEST = {
    "ring": (
        Experiment(
            family="gan", dataset="ring", steps=8000, config={"batch_size": 384, "generator_learning_rate": 4e-3}
        ),
        8,
        40.0,
    ),
    "grid": (recipes("gan")["grid"].experiment, 25, 150.0),
}
"""The best recipe, its number of modes, and the most seconds that it may take."""

PUBLISHED = {
    "ring": {"best": "7.8 / 95.9 / .07", "vanilla": "6.3 / 98.2 / .45"},
    "grid": {"best": "24.8 / 93.6 / .04", "vanilla": "17.3 / 94.8 / .70"},
}
"""Of PacGAN4 and of a GAN without remedies: modes / HQ % / reverse KL."""

WITHIN = 98.89
"""Percent of a Gaussian in two dimensions within three standard deviations."""

VANILLA = {"r1": 0, "discriminator_learning_rate": 1e-3, "generator_learning_rate": 1e-3}


def train(experiment: Experiment) -> tuple[Run, float]:
    cpu = time.thread_time()
    run = Run(experiment)
    while not run.done:
        run.advance()
    return run, time.thread_time() - cpu


def coverage(seeds: int, recipes: tuple[str, ...] = ("best", "vanilla")) -> list[Figure]:
    """Trains and prints each run's figures. Returns their means beside those of the paper."""
    rows, figures = [], []
    for name, (best, modes, most) in BEST.items():
        for recipe, experiment in (("best", best), ("vanilla", best.changed(VANILLA))):
            if recipe not in recipes:
                continue
            found = []
            for seed in range(seeds):
                run, cpu = train(experiment.model_copy(update={"seed": seed}))
                known = run.experiment.dataset.distribution.modes
                scores = score(run.sample(SAMPLES, seed=1), known)
                captured = int(scores.captured.sum())
                found.append((captured, 100 * scores.high_quality, scores.reverse_kl))
                cells: list[Any] = [f"{name}, {recipe}, seed {seed}", captured, f"{100 * scores.high_quality:.1f}"]
                cells += [f"{scores.reverse_kl:.4f}", f"{scores.reverse_kl_with_off:.4f}", f"{cpu:.0f}"]
                if recipe == "best":
                    for cell in (
                        target(captured, least=modes, digits=0),
                        target(100 * scores.high_quality, least=100 * HIGH_QUALITY, digits=0),
                        target(scores.reverse_kl, most=REVERSE_KL),
                        target(cpu, most=most, digits=0),
                    ):
                        cells += cell[1:]
                rows.append(cells)
            figures.append(
                Figure(
                    f"{name}, {'ours beside PacGAN4' if recipe == 'best' else 'no remedy'}",
                    written(*np.mean(found, axis=0)),
                    PUBLISHED[name][recipe],
                    written(modes, WITHIN, (modes - 1) / 2 / SAMPLES),
                    summary=recipe == "best",
                )
            )
    heading(f"Modes captured, {SAMPLES:,} samples: all modes, HQ ≥ {HIGH_QUALITY:.0%}, reverse KL ≤ {REVERSE_KL}")
    show(("", "modes", "HQ %", "rKL", "with off", "CPU s", "modes", "HQ", "rKL", "CPU"), rows)
    side_by_side("PacGAN, Table 1: modes / HQ % / reverse KL; the floor is that of real data", figures)
    return figures


def written(modes: float, high_quality: float, reverse_kl: float) -> str:
    return f"{modes:.3g} / {high_quality:.1f} / {reverse_kl:.3f}".replace(" 0.", " .")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", choices=("best", "vanilla"))
    given = parser.parse_args()
    torch.set_num_threads(1)
    coverage(given.seeds, (given.only,) if given.only else ("best", "vanilla"))


if __name__ == "__main__":
    main()
