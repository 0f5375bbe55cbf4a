"""Sample quality of the default flow-matching recipe after some seconds, beside a tutorial recipe for the same time.

    python -m benchmarks.recipes [--seeds 3] [--sets eight_gaussians,two_moons,s_curve]

The protocol is that of [SF]²M, Table 2 (arXiv 2307.03672): 10,000 samples against 10,000 test points; W2 is the square
root of exact optimal transport (`ot.emd2`) on the squared cost, in the data's own coordinates. Training is on one
thread, as in the app's workers. Times are the thread's CPU seconds (`time.thread_time`), which busy neighbours don't
affect, with the clock's beside them.

The test points of two moons are scikit-learn's, as in the paper: exactly half on each moon. The paper's floor of .028
compares two such sets. Independent samples, as from any model, split unevenly by chance, and the surplus must be
transported across the gap. The *floor* printed here is therefore the protocol's distance for a perfect model, whose
samples are fresh independent points of the same distribution. For the two other sets test points are independent, and
the floor is the distance between two fresh samples.

The tutorial recipe: three layers of 64 units, SELU, the plain time as an input, AdamW with 1e-3 and weight decay 1e-5,
batches of 512 from 10,000 fixed points in their own coordinates, independent coupling, the last weights, 100 Euler
steps. It trains for as many CPU seconds as the default did.

Exact transport takes 12–24 s each: three for each seed and set.
"""

import argparse
import math
import time
from collections.abc import Callable

import numpy as np
import ot
import torch
from sklearn.datasets import make_moons

from benchmarks.table import heading, median, show, target
from playground import Experiment
from playground.networks import mlp
from playground.training.run import Run

TARGETS = {"eight_gaussians": 0.25, "two_moons": 0.09, "s_curve": 0.13}
SECONDS = 10.0
POINTS = 10_000
TEST_SEED = 1_000_000
"""Seeds from here on are those of test points, which no training uses."""


def w2(x: np.ndarray, y: np.ndarray) -> float:
    even = np.full(len(x), 1 / len(x))
    return math.sqrt(ot.emd2(even, even, ot.dist(x, y), numItermax=10**7))


def test_points(experiment: Experiment, seed: int) -> np.ndarray:
    if experiment.dataset.name == "two_moons":
        return 2 * make_moons(POINTS, noise=0.05, random_state=seed)[0] - 1
    return experiment.data(POINTS, TEST_SEED + seed)


def default(experiment: Experiment) -> tuple[np.ndarray, float, float]:
    """Samples of the default recipe, its CPU seconds and its seconds by the clock."""
    clock, cpu = time.perf_counter(), time.thread_time()
    run = Run(experiment)
    while not run.done:
        run.advance()
    seconds = time.thread_time() - cpu, time.perf_counter() - clock
    return run.sample(POINTS, seed=TEST_SEED + experiment.seed), *seconds


def tutorial(experiment: Experiment, seconds: float) -> tuple[np.ndarray, int]:
    """Samples of the tutorial recipe after this many CPU seconds, and its number of steps."""
    torch.manual_seed(experiment.seed)
    data = torch.as_tensor(experiment.data(POINTS, experiment.seed), dtype=torch.float32)
    network = mlp(3, 2, width=64, depth=3, activation="selu")
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-5)
    cpu, steps = time.thread_time(), 0
    while time.thread_time() - cpu < seconds:
        x1 = data[torch.randint(len(data), (512,))]
        x0, t = torch.randn_like(x1), torch.rand(len(x1), 1)
        loss = (network(torch.cat([(1 - t) * x0 + t * x1, t], dim=1)) - (x1 - x0)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
    return euler(network, POINTS, 100), steps


@torch.no_grad()
def euler(network: Callable, n: int, steps: int) -> np.ndarray:
    x = torch.randn(n, 2)
    for i in range(steps):
        x = x + network(torch.cat([x, torch.full((n, 1), i / steps)], dim=1)) / steps
    return x.numpy().astype(float)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sets", default=",".join(TARGETS))
    given = parser.parse_args()
    torch.set_num_threads(1)
    rows, runs = [], []
    for name in given.sets.split(","):
        seen: dict[str, list[float]] = {key: [] for key in ("default", "floor", "tutorial", "cpu", "clock")}
        for seed in range(given.seeds):
            experiment = Experiment(dataset=name, seed=seed)
            test = test_points(experiment, seed)
            samples, cpu, clock = default(experiment)
            other, steps = tutorial(experiment, cpu)
            found = {
                "default": w2(samples, test),
                "floor": w2(experiment.data(POINTS, 2 * TEST_SEED + seed), test),
                "tutorial": w2(other, test),
                "cpu": cpu,
                "clock": clock,
            }
            for key, value in found.items():
                seen[key].append(value)
            runs.append((f"{name}, seed {seed}", *(f"{value:.3f}" for value in found.values()), f"{steps:,}"))
        best = {key: median(values) for key, values in seen.items()}
        rows.append(
            (
                name,
                f"{best['default']:.3f}",
                *(target(best["default"], most=TARGETS[name]) if name in TARGETS else ("–", "")),
                f"{best['floor']:.3f}",
                f"{best['tutorial']:.3f}",
                f"{best['cpu']:.1f}",
                *target(best["cpu"], most=SECONDS, digits=0),
                f"{best['clock']:.1f}",
            )
        )
    heading(f"The default recipe: W2 at {POINTS:,} points, medians of {given.seeds} seeds, one thread")
    show(("", "W2", "target", "met", "floor", "tutorial", "CPU s", "target", "met", "clock s"), rows)
    heading("Each run")
    show(("", "W2", "floor", "tutorial", "CPU s", "clock s", "tutorial's steps"), runs)


if __name__ == "__main__":
    main()
