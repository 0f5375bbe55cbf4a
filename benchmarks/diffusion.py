"""Sample quality of the default diffusion recipe after some seconds of training, with at most 20 NFE per sample.

    python -m benchmarks.diffusion [--seeds 3] [--pairs 3] [--sets eight_gaussians,two_moons,checkerboard]

W2 is the square root of exact optimal transport (`ot.emd2`) on the squared cost between 4,000 samples and 4,000 fresh
data points, in the data's own coordinates, averaged over `pairs` pairs. The floor is that of fresh data points.
Two moons need several pairs: independent samples split unevenly between the moons by chance, and the surplus must be
transported across the gap. Training is on one thread, as in the app's workers; times are the thread's CPU seconds.

The samplers are compared on the same trained models, each with as many steps as 20 evaluations allow. The chain is what
the page asks for to show trajectories from noise to data: all positions and all denoised points x̂0 along them.
"""

import argparse
import time

import numpy as np
import torch

from benchmarks.recipes import TEST_SEED, w2
from benchmarks.table import heading, median, show, target
from playground import Experiment
from playground.families.diffusion.samplers import SAMPLERS
from playground.training.run import Run

SETS = "eight_gaussians,two_moons,checkerboard"
POINTS = 4000
RATIO, SECONDS, EVALUATIONS = 1.3, 15.0, 20
CHAIN_POINTS, CHAIN_STEPS, CHAIN_SECONDS = 2000, 50, 0.5


def trained(experiment: Experiment) -> tuple[Run, float]:
    """The trained run, and its CPU seconds."""
    cpu = time.thread_time()
    run = Run(experiment)
    while not run.done:
        run.advance()
    return run, time.thread_time() - cpu


def distance(run: Run, pairs: int) -> float:
    """The mean W2 over `pairs` sample sets, each against fresh data."""
    fresh = (run.experiment.data(POINTS, TEST_SEED + i) for i in range(pairs))
    return float(np.mean([w2(run.sample(POINTS, seed=TEST_SEED + i), data) for i, data in enumerate(fresh)]))


def floor(experiment: Experiment, pairs: int) -> float:
    draw = experiment.data
    return float(np.mean([w2(draw(POINTS, 2 * TEST_SEED + i), draw(POINTS, TEST_SEED + i)) for i in range(pairs)]))


def recipe(sets: list[str], seeds: int, pairs: int) -> None:
    rows, compared = [], []
    for name in sets:
        best = floor(Experiment(dataset=name), 3 * pairs)
        found, seconds = [], []
        by_sampler: dict[str, list[float]] = {sampler: [] for sampler in SAMPLERS}
        for seed in range(seeds):
            run, cpu = trained(Experiment(family="diffusion", dataset=name, seed=seed))
            found.append(distance(run, pairs))
            seconds.append(cpu)
            if seed == 0:
                for sampler, used in by_sampler.items():
                    run.edit(sampler=sampler, sampler_steps=SAMPLERS[sampler].steps(EVALUATIONS))
                    used.append(distance(run, pairs))
        ratio = median(found) / best
        rows.append(
            (
                name,
                f"{median(found):.3f}",
                f"{best:.3f}",
                f"{ratio:.2f}",
                *target(ratio, most=RATIO),
                " ".join(f"{value / best:.2f}" for value in found),
                f"{median(seconds):.1f}",
                *target(median(seconds), most=SECONDS, digits=0),
            )
        )
        compared.append((name, *(f"{np.mean(used) / best:.2f}" for used in by_sampler.values())))
    default = Experiment(family="diffusion").config
    asked = SAMPLERS[default.sampler].evaluations(default.sampler_steps)
    heading(f"The default recipe, {asked} evaluations: W2 at {POINTS:,} points, medians of {seeds} seeds, one thread")
    show(("", "W2", "floor", "ratio", "target", "met", "each", "CPU s", "target", "met"), rows)
    heading(f"Samplers at {EVALUATIONS} evaluations on the model of seed 0: W2 to its floor")
    show(("", *SAMPLERS), compared)


def chain() -> None:
    run = Run(Experiment(family="diffusion", config={"sampler_steps": CHAIN_STEPS}))
    rows = []
    for sampler in SAMPLERS:
        run.edit(sampler=sampler)
        z = run.averaged.noise(CHAIN_POINTS, torch.Generator().manual_seed(0))
        with torch.no_grad():
            seconds = []
            for _ in range(5):
                began = time.thread_time()
                run.averaged.chain(z)
                seconds.append(time.thread_time() - began)
        rows.append((sampler, f"{median(seconds):.3f}", *target(median(seconds), most=CHAIN_SECONDS, digits=1)))
    heading(f"The chain of {CHAIN_POINTS:,} points and {CHAIN_STEPS} steps: medians of 5, CPU time of one thread")
    show(("", "seconds", "target", "met"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--sets", default=SETS)
    given = parser.parse_args()
    torch.set_num_threads(1)
    chain()
    recipe(given.sets.split(","), given.seeds, given.pairs)


if __name__ == "__main__":
    main()
