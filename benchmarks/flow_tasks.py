"""What benchmarks.flow transports: the tasks of [SF]²M and of C2OT, with the published figures."""

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from sklearn.datasets import make_moons, make_s_curve

Draw = Callable[[int, int], np.ndarray]
"""n points (n, 2) from a seed."""


def gaussian(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 2))


def eight_gaussians(radius: float, sigma: float) -> Draw:
    def draw(n: int, seed: int) -> np.ndarray:
        rng = np.random.default_rng(seed)
        angle = rng.integers(8, size=n) * np.pi / 4
        return radius * np.stack([np.cos(angle), np.sin(angle)], 1) + sigma * rng.normal(size=(n, 2))

    return draw


def moons(noise: float, scale: float, shift: float) -> Draw:
    return lambda n, seed: scale * make_moons(n, noise=noise, random_state=seed)[0] + shift


@cache
def _spread() -> tuple[float, float]:
    drawn = make_moons(100_000, noise=0.1, random_state=0)[0]
    return float(drawn.mean()), float(drawn.std())


def wide_moons(n: int, seed: int) -> np.ndarray:
    """Of standard deviation 7 over all coordinates, as in [SF]²M's code."""
    mean, std = _spread()
    return moons(0.1, 7 / std, -7 * mean / std)(n, seed)


def s_curve(n: int, seed: int) -> np.ndarray:
    return 1.5 * make_s_curve(n, noise=0.05, random_state=seed)[0][:, [0, 2]]


@dataclasses.dataclass(frozen=True)
class Task:
    """A source and data, and the data set of ours that has the data's shape, whose coordinates are scale · x + shift.
    published: W2 and its standard deviation by method, and the path energies of the first two."""

    source: Draw
    data: Draw
    ours: Any
    scale: float
    shift: float
    published: tuple[tuple[float, float] | None, ...]
    energies: tuple[float, float]


METHODS = ("OT-CFM", "independent CFM", "flow matching", "rectified flow")
TASKS = {
    "N→8 Gaussians": Task(
        gaussian,
        eight_gaussians(5, 1),
        "eight_gaussians",
        1,
        0,
        ((0.303, 0.043), (0.373, 0.103), (0.343, 0.058), (0.421, 0.071)),
        (0.031, 0.202),
    ),
    "moons→8 Gaussians": Task(
        wide_moons,
        eight_gaussians(12, 1.5),
        {"name": "eight_gaussians", "settings": {"radius": 8.0, "sigma": 1.0}},
        1.5,
        0,
        ((0.601, 0.027), (1.557, 0.407), None, (1.525, 0.330)),
        (0.015, 2.680),
    ),
    "N→moons": Task(
        gaussian,
        moons(0.05, 2, -1),
        "two_moons",
        1,
        0,
        ((0.130, 0.016), (0.178, 0.014), (0.209, 0.055), (0.283, 0.045)),
        (0.083, 0.891),
    ),
    "N→S-curve": Task(
        gaussian,
        s_curve,
        "s_curve",
        1,
        0,
        ((0.144, 0.028), (0.242, 0.141), (0.198, 0.037), (0.345, 0.079)),
        (0.027, 0.856),
    ),
}
STEP = Task(
    eight_gaussians(5, 0.1**0.25),
    moons(0.2, 3, -1),
    {"name": "two_moons", "settings": {"noise": 0.2}},
    1.5,
    0.5,
    (),
    (0, 0),
)
STEP_PUBLISHED = {"independent": (6.232, 0.120), "optimal_transport": (0.072, 0.050)}
