"""Ten steps of Heun with an exact denoiser: how wide what is thin becomes. Widths are in units of the canvas."""

from collections import deque

import pytest
import torch

from playground.families.diffusion.samplers import SAMPLERS, walk
from playground.families.diffusion.schedules import CLEAN, SCHEDULES, Level, sampling_times

LONG = 1.5
"""The standard deviation along the line, in canvas units."""

WIDTHS = (0.01, 0.02, 0.03, 0.06, 0.1, 0.3, 0.8)


def profile(width: float, schedule: str, spacing: str) -> float:
    """The standard deviation across a Gaussian line of this width, of its exact samples."""
    times = sampling_times(schedule, 1.0, 10, spacing)[:-1].double()
    levels = [*(Level(value) for value in SCHEDULES[schedule](1 - times).tolist()), CLEAN]
    variance = torch.tensor([LONG**2, width**2], dtype=torch.float64)

    def denoise(x, at):
        """E[x0 | α x0 + σ ε = x] of a Gaussian around the origin, coordinate by coordinate."""
        return at.alpha * variance / (at.alpha**2 * variance + at.sigma**2) * x

    z = torch.randn(4000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    z /= z.std(0)
    x, _ = deque(walk(denoise, z, levels, "ode_heun", lambda: z), maxlen=1).pop()
    return float(x[:, 1].std())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_thin_data_are_neither_thickened_nor_thinned(schedule, width):
    assert 1 / 1.1 < profile(width, schedule, SAMPLERS["ode_heun"].spacing) / width < 1.1


def test_evenly_along_the_cosine_schedule_a_hair_vanishes():
    assert profile(0.01, "cosine", "schedule") < 0.1 * 0.01
