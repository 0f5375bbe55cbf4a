"""Samplers with exact denoisers, of which everything is known: their orders, their laws, and what diffusers does."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler, HeunDiscreteScheduler
from torch import Tensor

from playground.families.diffusion.samplers import SAMPLERS, fixed_noise, walk
from playground.families.diffusion.schedules import CLEAN, SCHEDULES, Level, log_snr, preserve
from playground.metrics.distances import sliced_wasserstein
from tests.families.diffusion.models import DOUBLE, normal

DETERMINISTIC = [name for name, sampler in SAMPLERS.items() if sampler.order is not None]
RANDOM = [name for name, sampler in SAMPLERS.items() if sampler.order is None]

MEAN = torch.tensor([1.5, -0.5], dtype=DOUBLE)
SPREAD = 0.6

CENTRES = torch.tensor([[2.0, 1.0], [-2.0, 0.5], [0.0, -2.0]], dtype=DOUBLE)
SHARES = torch.tensor([0.5, 0.3, 0.2], dtype=DOUBLE)
WIDTH = 0.4


def gaussian(x: Tensor, at: Level) -> Tensor:
    """E[x0 | x] for data N(MEAN, SPREAD² I)."""
    gain = at.alpha * SPREAD**2 / spread_at(at) ** 2
    return MEAN + gain * (x - at.alpha * MEAN)


def spread_at(at: Level) -> float:
    return math.hypot(at.alpha * SPREAD, at.sigma)


def mixture(x: Tensor, at: Level) -> Tensor:
    """E[x0 | x] for the mixture of N(CENTRES, WIDTH² I): each component's, by how likely it is at x."""
    variance = at.alpha**2 * WIDTH**2 + at.sigma**2
    away = x[:, None] - at.alpha * CENTRES
    likely = (SHARES.log() - away.square().sum(2) / (2 * variance)).softmax(1)
    return (likely[:, :, None] * (CENTRES + at.alpha * WIDTH**2 / variance * away)).sum(1)


def levels(steps: int, schedule: str = "edm") -> list[Level]:
    return [Level(value) for value in log_snr(schedule, torch.linspace(0, 1, steps + 1, dtype=DOUBLE)).tolist()]


def never() -> Tensor:
    raise AssertionError("a sampler that is not random asked for noise")


def end(denoise: Callable, z: Tensor, sampler: str, grid: list[Level], draw=never, **choices: float) -> Tensor:
    *_, (place, _) = walk(denoise, z, grid, sampler, draw, **choices)
    return place


def slope(steps: list[int], errors: list[float]) -> float:
    """The order: how fast the errors fall with the steps."""
    return -float(np.polyfit(np.log(steps), np.log(errors), 1)[0])


# Orders.


@pytest.mark.parametrize("schedule", ["linear", "edm"])
@pytest.mark.parametrize("sampler", ["ddim", "ode_euler", "ode_heun", "edm_stochastic"])
def test_orders_on_a_gaussian(sampler, schedule):
    """The probability flow of a Gaussian moves each point along its standard score: the end is known exactly."""
    z, steps, errors = normal(50, 2), [40, 80, 160, 320], []
    for count in steps:
        grid = levels(count, schedule)
        exact = grid[-1].alpha * MEAN + spread_at(grid[-1]) / spread_at(grid[0]) * (z - grid[0].alpha * MEAN)
        errors.append(float((end(gaussian, z, sampler, grid) - exact).norm(dim=1).mean()))
    assert slope(steps, errors) == pytest.approx(SAMPLERS[sampler].order or 2, abs=0.1)  # EDM's without churn is Heun's


@pytest.mark.parametrize("sampler", [*DETERMINISTIC, "edm_stochastic"])
def test_orders_on_a_mixture(sampler):
    """Against Heun's rule with many more steps, whose own error is far smaller than any here."""
    z, steps = normal(50, 2), [40, 80, 160]
    exact = end(mixture, z, "ode_heun", levels(2000))
    errors = [float((end(mixture, z, sampler, levels(count)) - exact).norm(dim=1).mean()) for count in steps]
    assert slope(steps, errors) == pytest.approx(SAMPLERS[sampler].order or 2, abs=0.12)
    assert errors[-1] < (0.03 if SAMPLERS[sampler].order == 1 else 1e-3)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_data_that_is_one_point_is_reached(sampler, schedule):
    """The expected point is then always the same. Whatever the steps, what remains is the noise of the last level."""
    x = end(
        lambda x, at: MEAN.expand_as(x), normal(99, 2), sampler, levels(100, schedule), lambda: normal(99, 2, seed=1)
    )
    assert (x - MEAN).norm(dim=1).max() < 0.1


def test_one_ddim_step_is_the_clean_point():
    """From pure noise, all but to the data."""
    x = end(gaussian, z := normal(5, 2), "ddim", levels(1))
    assert torch.allclose(x, gaussian(z, levels(1)[0]), atol=0.01)


# Laws.


def law(sampler: str, grid: list[Level], **choices: float) -> tuple[Tensor, float]:
    """The mean (2,) and the deviation at the end, exactly: for Gaussian data a walk is affine in where it began and in
    every noise that it draws. The first row is the walk without any noise, each other with one unit of one of them."""
    begin = grid[0].alpha * MEAN
    z = begin.repeat(len(grid) + 1, 1)
    z[-1] += spread_at(grid[0])
    calls = iter(range(1, len(grid)))

    def draw() -> Tensor:
        unit = torch.zeros_like(z)
        unit[next(calls)] = 1
        return unit

    x = end(gaussian, z, sampler, grid, draw, **choices)
    return x[0], float((x[1:] - x[0])[:, 0].square().sum().sqrt())


CHOICES = {"edm_stochastic": {"churn": 20.0}, "ddim": {"eta": 0.5}}


@pytest.mark.parametrize("sampler", [*RANDOM, "ddim"])
@pytest.mark.parametrize("schedule", ["linear", "edm"])
def test_laws_converge(sampler, schedule):
    """Twice the steps bring the law of a random sampler at least 1.7 times as near, and in the end to the data's."""
    errors = []
    for steps in (50, 100, 200, 400):
        grid = levels(steps, schedule)
        mean, deviation = law(sampler, grid, **CHOICES.get(sampler, {}))
        exact = grid[-1].alpha * MEAN, spread_at(grid[-1])
        errors.append(float((mean - exact[0]).norm()) + abs(deviation - exact[1]))
    assert slope([50, 100, 200, 400], errors) > math.log2(1.7)
    assert errors[-1] < 0.02


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_samples_of_a_mixture_are_as_near_as_fresh_data(sampler):
    n = 4000

    def draw(seed: int) -> Tensor:
        g = torch.Generator().manual_seed(100 + seed)
        return CENTRES[SHARES.multinomial(n, replacement=True, generator=g)] + WIDTH * normal(n, 2, seed=seed)

    generator = torch.Generator().manual_seed(9)
    x = end(
        mixture,
        normal(n, 2, seed=7),
        sampler,
        levels(100),
        lambda: torch.randn(n, 2, generator=generator, dtype=DOUBLE),
        churn=20.0,
    )
    distances = [sliced_wasserstein(x, draw(50 + i)) for i in range(5)]
    perfect = np.mean([sliced_wasserstein(draw(2 * i), draw(2 * i + 1)) for i in range(5)])
    assert np.mean(distances) < 1.6 * perfect


# diffusers, with the same denoiser, levels and noise.


def places(sampler: str, z: Tensor, grid: list[Level], draw=never, **choices: float) -> list[Tensor]:
    return [place for place, _ in walk(mixture, z, grid, sampler, draw, **choices)]


def own_levels(scheduler, grid: list[Level]):
    """A discrete scheduler of theirs with our levels, in double: its step i goes from grid[i], but the last one, which
    is to no noise at all, while ours keep some."""
    alphas = torch.tensor([at.alpha**2 for at in reversed(grid[:-1])], dtype=DOUBLE)
    scheduler.alphas_cumprod = alphas
    scheduler.alphas = torch.cat([alphas[:1], alphas[1:] / alphas[:-1]])
    scheduler.betas = 1 - scheduler.alphas
    scheduler.set_timesteps(len(alphas))
    return scheduler


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_ddpm_is_that_of_diffusers(schedule):
    grid, z = levels(30, schedule), normal(20, 2)
    theirs = own_levels(
        DDPMScheduler(30, prediction_type="sample", clip_sample=False, variance_type="fixed_small"), grid
    )
    noise = torch.Generator().manual_seed(3)
    ours = places("ddpm", z, grid, lambda: torch.randn(20, 2, generator=noise, dtype=DOUBLE))
    noise_again, x = torch.Generator().manual_seed(3), z
    for i, t in enumerate(theirs.timesteps[:-1]):
        x = theirs.step(mixture(x, grid[i]), t, x, generator=noise_again).prev_sample
        assert torch.allclose(x, ours[i], atol=1e-5, rtol=0)


@pytest.mark.parametrize("eta", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_ddim_is_that_of_diffusers(schedule, eta):
    grid, x = levels(30, schedule), normal(20, 2)
    theirs = own_levels(DDIMScheduler(30, prediction_type="sample", clip_sample=False), grid)
    ours = places("ddim", x, grid, lambda: normal(20, 2, seed=5), eta=eta)
    for i, t in enumerate(theirs.timesteps[:-1]):
        x = theirs.step(mixture(x, grid[i]), t, x, eta=eta, variance_noise=normal(20, 2, seed=5)).prev_sample
        assert torch.allclose(x, ours[i], atol=1e-5, rtol=0)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_dpmpp_2m_is_that_of_diffusers(schedule):
    grid, x = levels(30, schedule), normal(20, 2)
    theirs = DPMSolverMultistepScheduler(prediction_type="sample", euler_at_final=True, lower_order_final=False)
    theirs.set_timesteps(30)
    theirs.sigmas = torch.tensor([at.edm for at in grid], dtype=DOUBLE)
    for i, t in enumerate(theirs.timesteps):
        x = theirs.step(mixture(x, grid[i]), t, x).prev_sample
        assert torch.allclose(x, places("dpmpp_2m", normal(20, 2), grid)[i], atol=1e-5, rtol=0)


def test_edm_without_churn_is_heun_of_diffusers():
    grid, z = levels(30), normal(20, 2)
    theirs = HeunDiscreteScheduler(prediction_type="sample")
    theirs.set_timesteps(30)
    sigmas = torch.tensor([at.edm for at in grid], dtype=DOUBLE)
    theirs.sigmas = torch.cat([sigmas[:1], sigmas[1:].repeat_interleave(2)])
    x = z * math.sqrt(1 + float(sigmas[0]) ** 2)
    theirs.set_begin_index(0)
    for now, after, ours in zip(grid, grid[1:], places("edm_stochastic", z, grid), strict=False):
        for at in (now, after):
            x = theirs.step(mixture(preserve(x, at.edm), at), theirs.timesteps[0], x).prev_sample
        assert torch.allclose(preserve(x, after.edm), ours, atol=1e-5, rtol=0)


# One loop.


def test_ddpm_is_ddim_with_all_its_noise():
    z, grid = normal(20, 2), levels(20)
    noise = lambda: normal(20, 2, seed=2)  # noqa: E731
    assert torch.equal(end(mixture, z, "ddpm", grid, noise), end(mixture, z, "ddim", grid, noise, eta=1.0))
    assert not torch.allclose(end(mixture, z, "ddim", grid, noise, eta=0.9), end(mixture, z, "ddpm", grid, noise))


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("steps", [1, 2, 13])
def test_it_asks_as_often_as_it_says(sampler, steps):
    asked = []

    def denoise(x: Tensor, at: Level) -> Tensor:
        asked.append(at)
        return mixture(x, at)

    grid = [*levels(steps)[:-1], CLEAN]
    x = end(denoise, normal(4, 2), sampler, grid, lambda: normal(4, 2, seed=1), churn=10.0, eta=0.5)
    assert len(asked) == SAMPLERS[sampler].evaluations(steps)
    assert x.isfinite().all()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_what_was_expected_is_what_the_denoiser_said(sampler):
    z, grid = normal(4, 2), levels(5)
    walked = list(walk(mixture, z, grid, sampler, lambda: normal(4, 2, seed=1)))
    assert len(walked) == 5
    begun = [z, *(place for place, _ in walked)]
    for now, place, (_, clean) in zip(grid, begun, walked, strict=False):
        assert torch.allclose(clean, mixture(place, now))


def test_an_unknown_sampler_is_refused():
    with pytest.raises(KeyError):
        next(walk(mixture, normal(1, 2), levels(3), "nope", never))


# Noise that stays.


def test_fixed_noise_is_a_rows_own():
    """However many rows there are, row i gets the same; every draw is another, and none that of a visitor's seed."""
    many = torch.zeros(1000, 2)
    draw = fixed_noise(many)
    first, second = draw(), draw()
    assert not torch.allclose(first, second)
    for seed in range(3):
        assert not torch.allclose(first, torch.randn(1000, 2, generator=torch.Generator().manual_seed(seed)))
    for n in (1, 3, 8, 17, 999):
        again = fixed_noise(many[:n])
        assert torch.equal(again(), first[:n])
        assert torch.equal(again(), second[:n])
    both = torch.cat([first, second])
    assert abs(float(both.mean())) < 0.1
    assert float(both.std()) == pytest.approx(1, abs=0.1)
    assert fixed_noise(many.double())().dtype == DOUBLE
