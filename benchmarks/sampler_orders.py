"""How fast diffusion's deterministic samplers converge, where their error is known in closed form.

    python -m benchmarks.sampler_orders

With the exact denoiser of a Gaussian, the probability flow moves each point along its standard score (Pierret &
Galerne, arXiv 2405.14250). The order is the slope of the mean error over the number of steps, in logarithms, in double
precision. Published is the order in theory.
"""

import math
from collections import deque

import numpy as np
import torch
from torch import Tensor

from benchmarks.table import Figure, side_by_side
from playground.families.diffusion.samplers import SAMPLERS, walk
from playground.families.diffusion.schedules import Level, log_snr

STEPS = (40, 80, 160, 320)
POINTS = 200
MEAN = torch.tensor([1.5, -0.5], dtype=torch.float64)
SPREAD = 0.6
SUMMARY = ("ode_euler", "ode_heun", "dpmpp_2m")


def error(sampler: str, steps: int) -> float:
    """The mean distance of samples from where the probability flow takes their noise."""

    def spread(at: Level) -> float:
        return math.hypot(at.alpha * SPREAD, at.sigma)

    def denoise(x: Tensor, at: Level) -> Tensor:
        return MEAN + at.alpha * SPREAD**2 / spread(at) ** 2 * (x - at.alpha * MEAN)

    def no_noise() -> Tensor:
        raise AssertionError("A deterministic sampler asks for noise.")

    grid = [Level(value) for value in log_snr("edm", torch.linspace(0, 1, steps + 1, dtype=torch.float64)).tolist()]
    begin, end = grid[0], grid[-1]
    z = torch.randn(POINTS, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    exact = end.alpha * MEAN + spread(end) / spread(begin) * (z - begin.alpha * MEAN)
    [(found, _)] = deque(walk(denoise, z, grid, sampler, no_noise), maxlen=1)
    return float((found - exact).norm(dim=1).mean())


def orders() -> list[Figure]:
    found = []
    for name, sampler in SAMPLERS.items():
        if sampler.order is not None:
            slope, _ = np.polyfit(np.log(STEPS), np.log([error(name, steps) for steps in STEPS]), 1)
            found.append(Figure(sampler.title, f"{-slope:.2f}", str(sampler.order), summary=name in SUMMARY))
    return found


def main() -> None:
    torch.set_num_threads(1)
    title = f"Orders of samplers, from {STEPS[0]} to {STEPS[-1]} steps with the exact denoiser of a Gaussian"
    side_by_side(title, orders())


if __name__ == "__main__":
    main()
