"""What the default settings make of five shapes that are no named set: a thin bridge, a cross, rare clusters …

    python -m benchmarks.shapes [--seeds 2] [--families flow,diffusion,vae,gan,normalizing_flow] [--settings JSON]

Each family learns 20,000 points of a shape. Its distance is the mean over forty pairs of 4,000 samples and fresh points
of the shape's law, relative to that of 4,000 draws from the points that it learned: 1 is a model of just these. Beside
it stands what is special about the shape: how wide a thin part is, or how many samples a rare cluster has, relative to
the law. Two trainings run at a time, on one thread each; their CPU seconds are those of a thread.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import torch
from numpy.random import Generator, default_rng

from benchmarks.table import heading, median, show, target
from playground import Experiment, Run
from playground.metrics.distances import sliced_wasserstein

Array = np.ndarray
PAIRS, SAMPLES, POINTS = 40, 4000, 20_000
MOST = {"flow": 1.15, "diffusion": 1.15, "vae": 1.4, "gan": 1.3}
WIDEST = 1.3


def blob(rng: Generator, n: int, x: float, y: float, std: float) -> Array:
    return rng.normal((x, y), std, (n, 2))


def stroke(rng: Generator, n: int, a: tuple[float, float], b: tuple[float, float], std: float) -> Array:
    return np.array(a) + rng.random((n, 1)) * np.subtract(b, a) + rng.normal(0, std, (n, 2))


def mixed(rng: Generator, n: int, *parts: tuple[float, Callable[[Generator, int], Array]]) -> Array:
    counts = rng.multinomial(n, [share for share, _ in parts])
    return rng.permutation(np.concatenate([draw(rng, k) for k, (_, draw) in zip(counts, parts, strict=True)]))


def bridge(rng: Generator, n: int) -> Array:
    """Two blobs, joined by a thin line."""
    return mixed(
        rng,
        n,
        (0.45, lambda r, k: blob(r, k, -2, 0, 0.5)),
        (0.45, lambda r, k: blob(r, k, 2, 0, 0.5)),
        (0.1, lambda r, k: stroke(r, k, (-2, 0), (2, 0), 0.04)),
    )


def cross(rng: Generator, n: int) -> Array:
    """Two thin lines."""
    return mixed(
        rng,
        n,
        (0.5, lambda r, k: stroke(r, k, (-2, -1.5), (2, 1.5), 0.06)),
        (0.5, lambda r, k: stroke(r, k, (-2, 1.5), (2, -1.5), 0.06)),
    )


def rare(rng: Generator, n: int) -> Array:
    """A blob, and two clusters of 2% and 5%."""
    return mixed(
        rng,
        n,
        (0.93, lambda r, k: blob(r, k, 0, 0, 0.6)),
        (0.02, lambda r, k: blob(r, k, 2.5, 2, 0.1)),
        (0.05, lambda r, k: blob(r, k, -2.5, 1.5, 0.12)),
    )


def rings(rng: Generator, n: int) -> Array:
    """A ring around a dot."""

    def ring(r: Generator, k: int) -> Array:
        angle = 2 * math.pi * r.random(k)
        return 2 * np.stack([np.cos(angle), np.sin(angle)], 1) + r.normal(0, 0.08, (k, 2))

    return mixed(rng, n, (0.75, ring), (0.25, lambda r, k: blob(r, k, 0, 0, 0.2)))


def blobs(rng: Generator, n: int) -> Array:
    """Three blobs of other sizes."""
    return mixed(
        rng,
        n,
        (0.3, lambda r, k: blob(r, k, -2, -1, 0.15)),
        (0.5, lambda r, k: blob(r, k, 1.5, -1, 0.5)),
        (0.2, lambda r, k: blob(r, k, 0, 2, 0.25)),
    )


SHAPES = {"bridge": bridge, "cross": cross, "rare clusters": rare, "ring and dot": rings, "three blobs": blobs}


def special(name: str, samples: Array, law: Array) -> dict[str, float]:
    """What is special about a shape, of samples relative to its law."""

    def width(x: Array) -> float:
        y = x[(np.abs(x[:, 0]) < 0.5) & (np.abs(x[:, 1]) < 0.6), 1]
        return float(np.quantile(np.abs(y), 0.68)) if len(y) else math.nan

    def share(x: Array, at: tuple[float, float]) -> float:
        return float((np.linalg.norm(x - at, axis=1) < 0.5).mean())

    if name == "bridge":
        return {"width of the bridge": width(samples) / width(law)}
    if name == "cross":
        turned = [np.abs(x @ (0.6, -0.8)) for x in (samples, law)]
        near = [np.quantile(t[t < 0.6], 0.68) for t in turned]
        return {"width of a line": float(near[0] / near[1])}
    if name == "rare clusters":
        clusters = {"the 2% cluster": (2.5, 2.0), "the 5% cluster": (-2.5, 1.5)}
        return {title: share(samples, at) / share(law, at) for title, at in clusters.items()}
    return {}


def measure(asked: tuple[str, str, int, dict[str, Any]]) -> dict[str, float]:
    family, name, seed, settings = asked
    torch.set_num_threads(1)
    law = SHAPES[name]
    points = law(default_rng(100 + seed), POINTS)
    experiment = Experiment(family=family, dataset=points, seed=seed, config=settings)
    cpu, run = time.thread_time(), Run(experiment)
    while not run.done:
        run.advance()
    cpu = time.thread_time() - cpu

    def far(ours: Array, seed: int) -> float:
        pair = (torch.from_numpy(x).float() for x in (ours, law(default_rng(1000 + seed), SAMPLES)))
        return float(sliced_wasserstein(*pair))

    model = np.mean([far(run.sample(SAMPLES, seed=i), i) for i in range(PAIRS)])
    floor = np.mean([far(default_rng(2000 + i).choice(points, SAMPLES), i) for i in range(PAIRS)])
    many = special(name, run.sample(20_000, seed=99), law(default_rng(3000), 20_000))
    return {"distance": float(model / floor), "CPU s": cpu, **many}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--families", default="flow,diffusion,vae,gan,normalizing_flow")
    parser.add_argument("--settings", type=json.loads, default={}, help="others than the defaults")
    given = parser.parse_args()
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        for family in given.families.split(","):
            asked = [(family, name, seed, given.settings) for name in SHAPES for seed in range(given.seeds)]
            found = list(pool.map(measure, asked))
            rows: list[tuple[Any, ...]] = []
            for name in SHAPES:
                own = [one for (_, shape, *_), one in zip(asked, found, strict=True) if shape == name]
                worst = max(one["distance"] for one in own)
                bar = target(worst, most=MOST[family]) if family in MOST else ("–", "")
                cells = [f"{one['distance']:.2f}" for one in own]
                more = {key: median([one[key] for one in own]) for key in own[0] if key not in ("distance", "CPU s")}
                said = ", ".join(f"{key}: {value:.2f} times" for key, value in more.items())
                rows.append((name, ", ".join(cells), *bar, f"{median([one['CPU s'] for one in own]):.1f}", said))
            heading(f"{family}: distance relative to the points learned, by seed (thin parts: at most {WIDEST} times)")
            show(("", "distance", "target", "met", "CPU s", ""), rows)


if __name__ == "__main__":
    main()
