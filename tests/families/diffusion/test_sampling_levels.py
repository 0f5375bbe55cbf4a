"""Where a sampler's steps are: thin data stay thin with the exact denoiser, and points are reached."""

import math
from collections import deque

import pytest
import torch
from torch import Tensor

from playground.families import FAMILIES
from playground.families.diffusion.samplers import SAMPLERS
from playground.families.diffusion.schedules import LAST_SIGMA, RHO, SCHEDULES, log_snr, sampling_times
from playground.families.ideal import MixtureDensity
from tests.families.diffusion.models import DOUBLE, normal

SQUARE = 8.0  # the canvas


def exact_samples(data, n: int = 1500, **config) -> Tensor:
    """Samples of the exact denoiser of the data."""
    model, seeds = FAMILIES["diffusion"](FAMILIES["diffusion"].Config(**config)).double(), iter(range(1, 10_000))
    steps = model.steps(normal(n, 2), lambda: normal(n, 2, seed=next(seeds)), data)
    return deque(steps, maxlen=1).pop()[0]


def line(width: float) -> MixtureDensity:
    """A line across the canvas with a Gaussian profile of this standard deviation, as many Gaussians."""
    k = 200
    means = torch.stack([torch.linspace(-3, 3, k, dtype=DOUBLE), torch.ones(k, dtype=DOUBLE)], 1)
    return MixtureDensity(means, torch.full((k,), width, dtype=DOUBLE), torch.full((k,), 1 / k, dtype=DOUBLE))


@pytest.mark.parametrize("share", [0.01, 0.02, 0.03, 0.06, 0.1])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_ten_steps_of_heun_keep_thin_data_thin(schedule, share):
    """Whatever the schedule of the training, within a tenth, for every width from a hundredth of the canvas."""
    width = share * SQUARE
    x = exact_samples(line(width), noise_schedule=schedule, sampler="ode_heun", sampler_steps=10)
    assert float(x[:, 1].std()) / width == pytest.approx(1, abs=0.1)


def test_evenly_along_the_cosine_schedule_they_do_not():
    """The lesson of the schedule itself: its last step is from so much noise that the profile is lost."""
    width = 0.01 * SQUARE
    x = exact_samples(line(width), noise_schedule="cosine", sampler_steps=10, spacing="schedule")
    assert not 0.8 < float(x[:, 1].std()) / width < 1.25


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_five_points_are_reproduced(sampler, schedule):
    points = torch.tensor([[-2.0, -1.0], [-1.0, 2.0], [0.5, 0.0], [2.0, 1.5], [2.5, -2.0]], dtype=DOUBLE)
    x = exact_samples(points, 300, noise_schedule=schedule, sampler=sampler, sampler_steps=10)
    nearest = torch.cdist(x, points).amin(1)
    assert float(nearest.quantile(0.99)) < 0.02, "all but those that end between two points"
    assert len(torch.cdist(x, points).argmin(1).unique()) == 5


@pytest.mark.parametrize("noise_end", [1.0, 0.3, 0.1])
@pytest.mark.parametrize("steps", [1, 2, 10, 1000])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_times_of_the_levels(schedule, steps, noise_end):
    times = sampling_times(schedule, noise_end, steps, "karras")
    assert times.shape == (steps + 1,)
    assert (times[0], times[-1]) == (0, 1)
    assert (times.diff() > 0).all()
    sigmas = (-log_snr(schedule, times[:-1].double(), noise_end) / 2).exp()
    if steps > 2:
        spaces = sigmas.pow(1 / RHO).diff()
        assert torch.allclose(spaces, spaces.mean().expand_as(spaces), rtol=0.02)
        assert float(sigmas[-1]) == pytest.approx(min(LAST_SIGMA["karras"], float(sigmas[0]) / 2), rel=0.01)


def test_along_the_schedule_times_are_even():
    assert torch.equal(sampling_times("cosine", 1.0, 10, "schedule"), torch.linspace(0, 1, 11))


def test_the_number_of_evaluations_and_of_steps():
    for sampler in SAMPLERS.values():
        for steps in (1, 2, 10):
            assert sampler.steps(sampler.evaluations(steps)) == steps
        assert all(sampler.evaluations(sampler.steps(n)) <= n for n in range(1, 30))
    assert SAMPLERS["ode_heun"].evaluations(10) == 19
    assert math.isclose(SAMPLERS["ddim"].steps(20), 20)
