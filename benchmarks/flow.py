"""Flow matching by published protocols: [SF]²M's Table 2, and C2OT's one Euler step.

    python -m benchmarks.flow [--seeds 5] [--epochs 1000] [--points 10000] [--tasks …] [--recipes …] [--only table|step]

[SF]²M (arXiv 2307.03672), Table 2: three layers of 64, SELU; AdamW 1e-3, weight decay 1e-5; 1,000 epochs over 10,000
points, batches of 512, coupled exactly where named; 100 Euler steps; 10,000 test points. W2 is the square root of exact
optimal transport (`ot.emd2`) on the squared cost. The normalised path energy is |E∫‖v‖²dt − W2²(q0, q1)| / W2²(q0, q1).
*Ours* is the default recipe of the app, and the same with optimal transport of 128 points; its noise is as wide as the
canvas says, and its energy relative to the W2 of that noise. The *floor* is the W2 of two fresh samples of the data.

C2OT (arXiv 2503.10636), Table 1: eight Gaussians to two moons in one Euler step and with adaptive steps (dopri5),
*squared* W2 at 10,000 points. The paper trains for 20,000 steps of 256, coupled by 1,024; ours is the default recipe,
coupled by 256.

With five seeds and all points it takes hours: an assignment of 512 points costs 50 ms, W2 at 10,000 points 20 s. Means
are given with standard deviations over the seeds. Times are CPU seconds of the thread, on one thread.
"""

import argparse
import dataclasses
import math
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import ot
import torch
from torch import Tensor

from benchmarks.flow_tasks import METHODS, STEP, STEP_PUBLISHED, TASKS, Draw, Task, gaussian
from benchmarks.table import Figure, heading, show, side_by_side, target
from playground import Experiment
from playground.families.flow.couplings import coupling_of, optimal
from playground.families.flow.sources import Source
from playground.networks import mlp
from playground.solvers import solve
from playground.training.run import Run

TRAINED = 10_000
BATCH = 512
EULER = 100
SUMMARY = "ours, OT"
TEST = 1_000_000
"""Seeds from here on are those of test points, which no training uses."""


def squared_w2(x: np.ndarray, y: np.ndarray) -> float:
    even = np.full(len(x), 1 / len(x))
    return ot.emd2(even, even, ot.dist(x, y), numItermax=10**8)


@dataclasses.dataclass(frozen=True)
class Result:
    """samples (n, 2) in the task's coordinates, the normalised path energy, and the CPU seconds of the training."""

    samples: np.ndarray
    energy: float
    seconds: float


@torch.no_grad()
def euler(field: Callable[[Tensor, Tensor], Tensor], x: Tensor) -> tuple[Tensor, float]:
    """The ends of trajectories in EULER steps, and E∫‖v‖²dt along them."""
    energy = 0.0
    for i in range(EULER):
        v = field(x, torch.full((len(x),), i / EULER))
        energy += float(v.square().sum(1).mean()) / EULER
        x = x + v / EULER
    return x, energy


def by_protocol(task: Task, coupled: bool, seed: int, epochs: int, points: int) -> Result:
    """The paper's recipe: 10,000 fixed points of both, in their own coordinates."""
    torch.manual_seed(seed)
    ends = [torch.as_tensor(draw(TRAINED, seed + 7 * i), dtype=torch.float32) for i, draw in enumerate(both(task))]
    network = mlp(3, 2, width=64, depth=3, activation="selu")
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-5)
    began = time.thread_time()
    for _ in range(epochs * math.ceil(TRAINED / BATCH)):
        x0, x1 = (end[torch.randint(TRAINED, (BATCH,))] for end in ends)
        if coupled:
            x0 = x0[optimal(x0, x1, None, torch.default_generator)]
        t = torch.rand(BATCH, 1)
        loss = (network(torch.cat([(1 - t) * x0 + t * x1, t], dim=1)) - (x1 - x0)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    seconds = time.thread_time() - began
    start = task.source(points, 2 * TEST + seed)
    samples, energy = euler(
        lambda x, t: network(torch.cat([x, t[:, None]], dim=1)), torch.as_tensor(start, dtype=torch.float32)
    )
    least = squared_w2(start, task.data(points, 3 * TEST + seed))
    return Result(samples.double().numpy(), abs(energy - least) / least, seconds)


def both(task: Task) -> tuple[Draw, Draw]:
    return task.source, task.data


def ours(task: Task, seed: int, **config: Any) -> tuple[Run, float]:
    """A run of the default recipe, with these settings, and its CPU seconds. A source that isn't Gaussian noise is the
    task's, at its scale beside the data."""
    run = Run(Experiment(dataset=task.ours, seed=seed, config=config))
    if task.source is not gaussian:
        pool = torch.as_tensor(to_canvas(task, run, task.source(65_536, seed)), dtype=torch.float32)
        source = Source(lambda n, dim, g, dtype: pool[torch.randint(len(pool), (n,), generator=g)].to(dtype), torch.sum)
        settings: Any = run.family.config
        coupling = coupling_of(settings.coupling, source, settings.coupled, settings.regularisation)
        for family in (run.family, run.averaged):
            model: Any = family
            model.source, model.path = source, dataclasses.replace(model.path, coupling=coupling)
    began = time.thread_time()
    while not run.done:
        run.advance()
    return run, time.thread_time() - began


def to_canvas(task: Task, run: Run, x: np.ndarray) -> np.ndarray:
    return run.normalizer.to_canvas((x - task.shift) / task.scale)


def from_canvas(task: Task, run: Run, x: Tensor) -> np.ndarray:
    return task.scale * run.normalizer.from_canvas(x.double().numpy()) + task.shift


def by_default(task: Task, seed: int, points: int, **config: Any) -> Result:
    run, seconds = ours(task, seed, **config)
    model: Any = run.averaged
    start = model.noise(points, torch.Generator().manual_seed(2 * TEST + seed))
    samples, energy = euler(model.velocity, start)
    least = squared_w2(start.double().numpy(), to_canvas(task, run, task.data(points, 3 * TEST + seed)))
    return Result(from_canvas(task, run, samples), abs(energy - least) / least, seconds)


def spread(values: list[float], digits: int = 3) -> str:
    found = np.array(values)
    return f"{found.mean():.{digits}f}" + (f" ± {found.std(ddof=1):.{digits}f}" if len(found) > 1 else "")


RECIPES = ("OT-CFM", "independent CFM", "ours", "ours, OT")


def table(names: list[str], seeds: int, epochs: int, points: int, recipes: Sequence[str] = RECIPES) -> list[Figure]:
    """Trains and prints. Returns W2 beside the published one: ours beside the best one."""
    rows: list[tuple[Any, ...]] = []
    figures = []
    for name in names:
        task = TASKS[name]
        known = dict(zip(METHODS, task.published, strict=True))
        best = min(value[0] for value in known.values() if value)
        runs: dict[str, Callable[[int], Result]] = {
            "OT-CFM": lambda seed, task=task: by_protocol(task, True, seed, epochs, points),
            "independent CFM": lambda seed, task=task: by_protocol(task, False, seed, epochs, points),
            "ours": lambda seed, task=task: by_default(task, seed, points),
            "ours, OT": lambda seed, task=task: by_default(task, seed, points, coupling="optimal_transport"),
        }
        floors = [math.sqrt(squared_w2(task.data(points, i), task.data(points, TEST + i))) for i in range(seeds)]
        for recipe in recipes:
            results = [runs[recipe](seed) for seed in range(seeds)]
            distances = [
                math.sqrt(squared_w2(result.samples, task.data(points, TEST + seed)))
                for seed, result in enumerate(results)
            ]
            mean, published = float(np.mean(distances)), known.get(recipe)
            most = best if published is None else published[0] + 2 * published[1] / math.sqrt(5)
            energy = "" if published is None else f"{task.energies[METHODS.index(recipe)]:.3f}"
            told = "" if published is None else f"{published[0]:.3f} ± {published[1]:.3f}"
            rows.append(
                (
                    f"{name}, {recipe}",
                    spread(distances),
                    told,
                    *target(mean, most=most, digits=3),
                    spread([result.energy for result in results]),
                    energy,
                    f"{np.mean([result.seconds for result in results]):.0f}",
                )
            )
            beside = told or f"{best:.3f} (best)"
            figures.append(Figure(f"{name}, {recipe}", spread(distances), beside, spread(floors), recipe == SUMMARY))
        rows.append((f"{name}, floor", spread(floors)))
    heading(f"[SF]²M, Table 2: W2 at {points:,} points, {seeds} seeds, {epochs:,} epochs")
    print("  Targets: by its recipe, the published mean and two of its standard errors; ours, the best published mean.")
    show(("", "W2", "published", "target", "met", "path energy", "published", "CPU s"), rows)
    side_by_side("[SF]²M, Table 2: W2; published at 10,000 points, of five seeds", figures)
    return figures


def one_step(seeds: int, points: int) -> list[Figure]:
    """Trains and prints. Returns squared W2 beside the published one."""
    rows, figures = [], []
    floor = spread([squared_w2(STEP.data(points, i), STEP.data(points, TEST + i)) for i in range(seeds)])
    for coupling, (single, adaptive) in STEP_PUBLISHED.items():
        found: dict[str, list[float]] = {"euler": [], "dopri5": []}
        for seed in range(seeds):
            run, _ = ours(STEP, seed, coupling=coupling, coupled=256)
            model: Any = run.averaged
            start = torch.as_tensor(to_canvas(STEP, run, STEP.source(points, 2 * TEST + seed)), dtype=torch.float32)
            test = STEP.data(points, TEST + seed)
            for solver, values in found.items():
                with torch.no_grad():
                    ends = solve(model.velocity, start, torch.tensor([0.0, 1.0]), solver)[-1]
                values.append(squared_w2(from_canvas(STEP, run, ends), test))
        # With independent pairs, even the exact field goes to the mean of the data in one step: nothing to be met.
        goal = target(float(np.mean(found["euler"])), most=single, digits=3) if coupling != "independent" else ("", "")
        rows.append(
            (
                coupling.replace("_", " "),
                spread(found["euler"]),
                f"{single:.3f}",
                *goal,
                spread(found["dopri5"]),
                *target(float(np.mean(found["dopri5"])), most=adaptive, digits=3),
            )
        )
        for way, solver, published in (("one Euler step", "euler", single), ("adaptive steps", "dopri5", adaptive)):
            name = f"{coupling.replace('_', ' ')}, {way}"
            summary = coupling == "optimal_transport"
            figures.append(Figure(name, spread(found[solver]), f"{published:.3f}", floor, summary))
    rows.append(("floor", floor))
    heading(f"C2OT, 8 Gaussians→moons: squared W2 at {points:,} points, {seeds} seeds; targets are the published means")
    show(("", "one Euler step", "published", "target", "met", "adaptive", "target", "met"), rows)
    side_by_side("C2OT, Table 1: squared W2; published at 10,000 points", figures)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=1000)
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--recipes", nargs="+", choices=RECIPES, default=RECIPES)
    parser.add_argument("--only", choices=("table", "step"))
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.only != "step":
        table(given.tasks.split(","), given.seeds, given.epochs, given.points, given.recipes)
    if given.only != "table":
        one_step(given.seeds, given.points)


if __name__ == "__main__":
    main()
