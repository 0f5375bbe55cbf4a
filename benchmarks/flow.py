"""Flow matching by published protocols: [SF]²M's Table 2, and C2OT's one Euler step.

    python -m benchmarks.flow [--seeds 5] [--epochs 1000] [--points 10000] [--tasks …] [--recipes …] [--only table|step]
        [--into FOLDER]

[SF]²M (arXiv 2307.03672), Table 2: three layers of 64, SELU; AdamW 1e-3, weight decay 1e-5; 1,000 epochs over 10,000
points, batches of 512, coupled exactly where named; 100 Euler steps; 10,000 test points. W2 is the square root of exact
optimal transport (`ot.emd2`) on the squared cost. The normalised path energy is |E∫‖v‖²dt − W2²(q0, q1)| / W2²(q0, q1).
*Ours* is the default recipe of the app, and the same with optimal transport of 128 points; its noise is as wide as the
canvas says, and its energy relative to the W2 of that noise. The *floor* is the W2 of two fresh samples of the data.

C2OT (arXiv 2503.10636), Table 1: eight Gaussians to two moons in one Euler step and with adaptive steps (dopri5),
*squared* W2 at 10,000 points. The paper trains for 20,000 steps of 256, coupled by 1,024; ours is the default recipe,
coupled by 256.

With five seeds and all points it takes two hours of two cores: an assignment of 512 points costs 15 ms, W2 at 10,000
points 20 s. What is measured is kept in FOLDER, if one is given, and not measured again. Means are given with standard
deviations over the seeds. Two seeds are measured at a time, on one thread each; times are CPU seconds of a thread.
"""

import argparse
import dataclasses
import json
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import ot
import torch
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from benchmarks.flow_tasks import METHODS, STEP, STEP_PUBLISHED, TASKS, Draw, Task, gaussian
from benchmarks.table import Figure, heading, show, side_by_side, target
from playground import Experiment
from playground.families.flow.couplings import coupling_of, squared_distances
from playground.families.flow.sources import Source
from playground.networks import mlp
from playground.solvers import solve
from playground.training.run import Run

TRAINED = 10_000
BATCH = 512
EULER = 100
SUMMARY = "ours, OT"
PRICED = 1000
"""Points of both ends of which prices are computed, see `potentials`."""

TEST = 1_000_000
"""Seeds from here on are those of test points, which no training uses."""


Field = Callable[[Tensor, Tensor], Tensor]
"""The velocities (n, 2) at places (n, 2) and times (n,)."""

Measured = dict[str, dict[str, float]]
"""By recipe: W2, the normalised path energy, and the CPU seconds of the training; and the W2 of the floor."""


def squared_w2(x: np.ndarray, y: np.ndarray) -> float:
    even = np.full(len(x), 1 / len(x))
    return ot.emd2(even, even, ot.dist(x, y), numItermax=10**8)


@torch.no_grad()
def euler(field: Field, x: Tensor) -> tuple[Tensor, float]:
    """The ends of trajectories in EULER steps, and E∫‖v‖²dt along them."""
    energy = 0.0
    for i in range(EULER):
        v = field(x, torch.full((len(x),), i / EULER))
        energy += float(v.square().sum(1).mean()) / EULER
        x = x + v / EULER
    return x, energy


def potentials(x0: np.ndarray, x1: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Prices of points x0 (n, 2) and x1 (m, 2), such that the costs of pairs less these have the same optimal
    assignment: nearly those of optimal transport, with which it is found three times as fast."""
    few = [np.full(PRICED, 1 / PRICED)] * 2
    _, found = ot.emd(*few, ot.dist(x0[:PRICED], x1[:PRICED]), numItermax=10**8, log=True)
    return (ot.dist(x0, x1[:PRICED]) - found["v"]).min(1), (ot.dist(x1, x0[:PRICED]) - found["u"]).min(1)


def by_protocol(task: Task, coupled: bool, seed: int, epochs: int) -> tuple[Field, float]:
    """The velocity that the paper's recipe learns from 10,000 fixed points of both, in their own coordinates, and the
    training's CPU seconds."""
    torch.manual_seed(seed)
    ends = [torch.as_tensor(draw(TRAINED, seed + 7 * i), dtype=torch.float32) for i, draw in enumerate(both(task))]
    prices = [torch.as_tensor(of) for of in potentials(*(end.double().numpy() for end in ends))] if coupled else []
    network = mlp(3, 2, width=64, depth=3, activation="selu")
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-5)
    began = time.thread_time()
    for _ in range(epochs * math.ceil(TRAINED / BATCH)):
        chosen = [torch.randint(TRAINED, (BATCH,)) for _ in ends]
        x0, x1 = (end[own] for end, own in zip(ends, chosen, strict=True))
        if coupled:
            f, g = (of[own] for of, own in zip(prices, chosen, strict=True))
            x0 = x0[linear_sum_assignment(squared_distances(x1, x0) - g[:, None] - f)[1]]
        t = torch.rand(BATCH, 1)
        loss = (network(torch.cat([(1 - t) * x0 + t * x1, t], dim=1)) - (x1 - x0)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return lambda x, t: network(torch.cat([x, t[:, None]], dim=1)), time.thread_time() - began


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


def measured(asked: tuple[str, int, int, int, Sequence[str]]) -> Measured:
    """What the recipes make of a task with one seed, and the floor."""
    name, seed, epochs, points, recipes = asked
    torch.set_num_threads(1)
    task = TASKS[name]
    test = task.data(points, TEST + seed)
    found: Measured = {"floor": {"W2": math.sqrt(squared_w2(task.data(points, seed), test))}}
    start, ends = task.source(points, 2 * TEST + seed), task.data(points, 3 * TEST + seed)
    least: dict[bool, float] = {}  # of our coordinates and of theirs
    for recipe in recipes:
        if own := recipe.startswith("ours"):
            run, seconds = ours(task, seed, **({"coupling": "optimal_transport"} if recipe == SUMMARY else {}))
            model: Any = run.averaged
            noise = model.noise(points, torch.Generator().manual_seed(2 * TEST + seed))
            samples, energy = euler(model.velocity, noise)
            pair = noise.double().numpy(), to_canvas(task, run, ends)
            placed = from_canvas(task, run, samples)
        else:
            field, seconds = by_protocol(task, recipe == "OT-CFM", seed, epochs)
            samples, energy = euler(field, torch.as_tensor(start, dtype=torch.float32))
            pair, placed = (start, ends), samples.double().numpy()
        if own not in least:
            least[own] = squared_w2(*pair)
        distance = math.sqrt(squared_w2(placed, test))
        found[recipe] = {"W2": distance, "energy": abs(energy / least[own] - 1), "seconds": seconds}
    return found


def kept(asked: tuple[str, int, int, int, Sequence[str]], into: Path) -> Measured:
    """What is measured, from the folder if it was measured before."""
    name, seed, epochs, points, recipes = asked
    file = into / f"{name}, seed {seed}, {epochs} epochs, {points} points.json"
    found: Measured = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if left := [recipe for recipe in recipes if recipe not in found]:
        found |= measured((name, seed, epochs, points, left))
        file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return found


def spread(values: list[float], digits: int = 3) -> str:
    found = np.array(values)
    return f"{found.mean():.{digits}f}" + (f" ± {found.std(ddof=1):.{digits}f}" if len(found) > 1 else "")


RECIPES = ("OT-CFM", "independent CFM", "ours", "ours, OT")


def table(
    names: list[str],
    seeds: int,
    epochs: int,
    points: int,
    recipes: Sequence[str] = RECIPES,
    into: Path | None = None,
) -> list[Figure]:
    """Trains and prints. Returns W2 beside the published one: ours beside the best one."""
    rows: list[tuple[Any, ...]] = []
    figures = []
    asked = [(name, seed, epochs, points, recipes) for name in names for seed in range(seeds)]
    with TemporaryDirectory() as folder, ProcessPoolExecutor(2, get_context("spawn")) as pool:
        results = list(pool.map(partial(kept, into=into or Path(folder)), asked))
    for i, name in enumerate(names):
        task, own = TASKS[name], results[i * seeds : (i + 1) * seeds]
        known = dict(zip(METHODS, task.published, strict=True))
        best = min(value[0] for value in known.values() if value)
        floors = [found["floor"]["W2"] for found in own]
        for recipe in recipes:
            distances, energies, seconds = ([found[recipe][of] for found in own] for of in ("W2", "energy", "seconds"))
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
                    spread(energies),
                    energy,
                    f"{np.mean(seconds):.0f}",
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
    parser.add_argument("--into", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.into:
        given.into.mkdir(parents=True, exist_ok=True)
    if given.only != "step":
        table(given.tasks.split(","), given.seeds, given.epochs, given.points, given.recipes, given.into)
    if given.only != "table":
        one_step(given.seeds, given.points)


if __name__ == "__main__":
    main()
