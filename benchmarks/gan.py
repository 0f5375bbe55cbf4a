"""The GAN's mode coverage.

    python -m benchmarks.gan [--seeds 5]

It follows PacGAN's protocol (Table 1 of arXiv 1712.04086) on its ring and grid: 2,500 samples. A sample is of
high quality within three standard deviations of a mode, and captures that mode. Reverse KL is that of the histogram of
high-quality samples over the modes; a second column adds a bin for samples on no mode. Real data have 98.89% and (k −
1) / 5,000. PacGAN trained for 400,000 steps: 7.8 modes / 95.9% / .07 on the ring, 24.8 / 93.6% / .04 on the grid.
Vanilla is the non-saturating loss without any remedy and with the usual learning rate, otherwise the same, for as many
steps.

Training is on one thread, as in the app's workers; times are the thread's CPU seconds.
"""

import argparse
import time
from typing import Any

import torch

from benchmarks.table import heading, show, target
from playground import Experiment, Run
from playground.lessons.recipes import recipes
from playground.metrics.mode_coverage import score

SAMPLES = 2500
HIGH_QUALITY, REVERSE_KL = 0.96, 0.01
BEST = {
    "ring": (Experiment(family="gan", dataset="ring", steps=8000, config={"batch_size": 384}), 8, 40.0),
    "grid": (recipes("gan")["grid"].experiment, 25, 150.0),
}
"""The best recipe, its number of modes, and the most seconds that it may take."""

VANILLA = {"r1": 0, "discriminator_learning_rate": 1e-3, "generator_learning_rate": 1e-3}


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    torch.set_num_threads(1)
    coverage(given.seeds)


if __name__ == "__main__":
    main()
