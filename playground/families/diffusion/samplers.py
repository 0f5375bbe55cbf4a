"""Samplers of diffusion models: one loop from noise to data, and the formula of one step for each sampler.

They don't depend on networks. A denoiser, learned or exact, returns x̂0(x, level), the denoised point. It gives the
noise ε̂ = (x − α x̂0) / σ, the score −ε̂ / σ, and the direction v̂ = α ε̂ − σ x̂0 of the probability flow in the angle
φ = arctan(σ / α): dx/dφ = v̂ (Salimans & Ho, *Progressive Distillation for Fast Sampling of Diffusion Models*, arXiv
2202.00512, appendix D).
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, pairwise

import torch
from torch import Generator, Tensor

from playground.families.diffusion.schedules import Level, preserve

Denoiser = Callable[[Tensor, Level], Tensor]
"""Maps points x (n, dim) at a noise level to x̂0 (n, dim)."""


@dataclass(frozen=True)
class StepContext:
    """The inputs of a step formula.

    now, after: the levels at the start and end of the step. before, expected: the previous level and its x̂0, if any.
    last: whether this is the last step. steps: the number of steps. draw: fresh noise (n, dim).
    """

    denoise: Denoiser
    draw: Callable[[], Tensor]
    now: Level
    after: Level
    before: Level | None
    expected: Tensor | None
    last: bool
    steps: int
    eta: float
    churn: float


Formula = Callable[[Tensor, StepContext], tuple[Tensor, Tensor]]
"""Maps x at step.now to (x at step.after, the x̂0 predicted at step.now)."""


def noise_in(x: Tensor, x0_hat: Tensor, at: Level) -> Tensor:
    """ε̂, the noise in x if the denoised point is x̂0."""
    return (x - at.alpha * x0_hat) / at.sigma


def ancestral(x: Tensor, step: StepContext, eta: float) -> tuple[Tensor, Tensor]:
    """Song, Meng, Ermon, *Denoising Diffusion Implicit Models*, arXiv 2010.02502, eq. 12 and 16.

    The mean follows from x̂0 and ε̂; the fresh noise has η times the standard deviation of the forward posterior.
    """
    now, after = step.now, step.after
    x0_hat = step.denoise(x, now)
    fresh = eta * after.sigma / now.sigma * math.sqrt(1 - (now.alpha / after.alpha) ** 2)
    kept = math.sqrt(max(0.0, after.sigma**2 - fresh**2))
    place = after.alpha * x0_hat + kept * noise_in(x, x0_hat, now)
    return (place + fresh * step.draw() if fresh else place), x0_hat


def ddpm(x: Tensor, step: StepContext) -> tuple[Tensor, Tensor]:
    """Ho, Jain, Abbeel, *Denoising Diffusion Probabilistic Models*, arXiv 2006.11239, eq. 6–7: η = 1."""
    return ancestral(x, step, eta=1.0)


def ddim(x: Tensor, step: StepContext) -> tuple[Tensor, Tensor]:
    return ancestral(x, step, step.eta)


def euler_maruyama(x: Tensor, step: StepContext) -> tuple[Tensor, Tensor]:
    """One Euler–Maruyama step of the reverse-time SDE dx = (x/2 + score) β du + √β dw: Song et al., *Score-Based
    Generative Modeling through SDEs*, arXiv 2011.13456, eq. 6 with the variance-preserving drift.

    ∫β over the step is exact, the log of the ratio of the α². As in their code, the last step adds no noise, because no
    later step would remove it.
    """
    x0_hat = step.denoise(x, step.now)
    beta = 2 * math.log(step.after.alpha / step.now.alpha)
    place = x + beta * (x / 2 - noise_in(x, x0_hat, step.now) / step.now.sigma)
    return (place if step.last else place + math.sqrt(beta) * step.draw()), x0_hat


def direction(x: Tensor, x0_hat: Tensor, at: Level) -> Tensor:
    """v̂ = dx/dφ, the velocity of the probability flow in the angle φ."""
    return at.alpha * noise_in(x, x0_hat, at) - at.sigma * x0_hat


def ode_euler(x: Tensor, step: StepContext) -> tuple[Tensor, Tensor]:
    """An Euler step of the probability flow (Song et al., eq. 13) in the angle φ, where its speed is finite
    everywhere."""
    x0_hat = step.denoise(x, step.now)
    return x + (step.after.angle - step.now.angle) * direction(x, x0_hat, step.now), x0_hat


def ode_heun(x: Tensor, step: StepContext) -> tuple[Tensor, Tensor]:
    """A Heun step of the probability flow in φ: an Euler step, then a step with the mean of the directions at both
    ends. Where no noise is left, there is no direction, and the denoised point is the end."""
    x0_hat = step.denoise(x, step.now)
    if not step.after.sigma:
        return x0_hat, x0_hat
    turn, first = step.after.angle - step.now.angle, direction(x, x0_hat, step.now)
    ahead = x + turn * first
    second = direction(ahead, step.denoise(ahead, step.after), step.after)
    return x + turn / 2 * (first + second), x0_hat


def dpmpp_2m(x: Tensor, step: StepContext) -> tuple[Tensor, Tensor]:
    """DPM-Solver++ (2M): Lu et al., arXiv 2211.01095, algorithm 2. Exact in x; x̂0 is extrapolated linearly in λ/2.

    The first and the last step are of first order, the last as in the authors' code: λ changes too much there for a
    linear extrapolation. With the exact denoiser of a Gaussian, 20 to 320 steps at levels for sampling converge at
    order 2, until only the error of the last step is left, which begins at LAST_SIGMA; evenly along EDM's schedule at
    order 2, along the cosine at 1.7 and along the sigmoid at 1.1; along the linear one the order varies (1.5 to 2.9).
    The levels of these three are too far apart where the noise is least.
    """
    now, after = step.now, step.after
    x0_hat = step.denoise(x, now)
    h = (after.log_snr - now.log_snr) / 2
    ahead = x0_hat
    if step.before is not None and step.expected is not None and not step.last:
        r = (now.log_snr - step.before.log_snr) / 2 / h
        ahead = x0_hat + (x0_hat - step.expected) / (2 * r)
    return after.sigma / now.sigma * x - after.alpha * math.expm1(-h) * ahead, x0_hat


CHURN_LIMIT = math.sqrt(2) - 1


def edm_stochastic(x: Tensor, step: StepContext) -> tuple[Tensor, Tensor]:
    """Karras et al., arXiv 2206.00364, algorithm 2: fresh noise is added, then a Heun step in σ follows.

    Computed in EDM's variance-exploding coordinates, x0 + σ ε. S_noise = 1, and noise is added at all levels.
    """
    now, after = step.now.edm, step.after.edm
    place = x * math.sqrt(1 + now**2)
    level = step.now
    gamma = min(step.churn / step.steps, CHURN_LIMIT)
    if gamma:
        higher = now * (1 + gamma)
        place = place + math.sqrt(higher**2 - now**2) * step.draw()
        now, level = higher, Level(-2 * math.log(higher))
    x0_hat = step.denoise(preserve(place, now), level)
    if not after:  # an Euler step ends at the denoised point
        return x0_hat, x0_hat
    first = (place - x0_hat) / now
    ahead = place + (after - now) * first
    second = (ahead - step.denoise(preserve(ahead, after), step.after)) / after
    return preserve(place + (after - now) / 2 * (first + second), after), x0_hat


@dataclass(frozen=True)
class Sampler:
    """title: its name on the page. formula: one step. stages: calls of the denoiser per step. order: the error is
    proportional to (step size)^order; None for stochastic samplers, which converge in distribution. spacing: the levels
    that suit it, see `playground.families.diffusion.schedules.sampling_times`."""

    title: str
    formula: Formula
    stages: int
    order: int | None
    spacing: str = "angle"

    def evaluations(self, steps: int) -> int:
        """Calls of the denoiser in all steps from noise to data: the last one has a single stage."""
        return self.stages * (steps - 1) + 1

    def steps(self, evaluations: int) -> int:
        """The most steps with so many calls of the denoiser, at least 1."""
        return max(1, (evaluations - 1) // self.stages + 1)


SAMPLERS: dict[str, Sampler] = {
    "ddpm": Sampler("DDPM", ddpm, 1, None),
    "ddim": Sampler("DDIM", ddim, 1, 1),  # with η = 0
    "euler_maruyama": Sampler("Euler–Maruyama", euler_maruyama, 1, None, "karras"),
    "ode_euler": Sampler("Euler", ode_euler, 1, 1),
    "ode_heun": Sampler("Heun", ode_heun, 2, 2),
    "dpmpp_2m": Sampler("DPM++ 2M", dpmpp_2m, 1, 2, "karras"),
    "edm_stochastic": Sampler("EDM", edm_stochastic, 2, None, "karras"),
}


Steps = Iterator[tuple[Tensor, Tensor]]
"""The points (n, dim) after each step, and the x̂0 (n, dim) predicted before it."""


def walk(
    denoise: Denoiser,
    x: Tensor,
    levels: list[Level],
    sampler: str,
    draw: Callable[[], Tensor],
    eta: float = 0.0,
    churn: float = 0.0,
) -> Steps:
    """Sample along the levels from noise x (n, dim) at levels[0], with any sampler. KeyError for an unknown sampler.

    levels: the signal increases from each to the next, and all but the last have some noise. draw: fresh noise (n, dim)
    at each call. eta: η of DDIM. churn: S_churn of EDM.
    """
    formula = SAMPLERS[sampler].formula
    before: Level | None = None
    expected: Tensor | None = None
    for i, (now, after) in enumerate(pairwise(levels)):
        last = i == len(levels) - 2
        step = StepContext(denoise, draw, now, after, before, expected, last, len(levels) - 1, eta, churn)
        x, expected = formula(x, step)
        before = now
        yield x, expected


FIRST_SEED = 1 << 31
"""First seed of the fixed noise, beyond the seeds that a visitor can choose, so that it never equals the initial
noise."""


def fixed_noise(like: Tensor) -> Callable[[], Tensor]:
    """A function that draws noise of the shape (n, dim) and the type of `like`. The noise is the same in every walk,
    and row i is the same for any n.

    Each call uses a separate seed and draws whole blocks of 16 numbers, because torch fills tensors block by block.
    """
    seeds, size = count(FIRST_SEED), like.numel()

    def draw() -> Tensor:
        generator = Generator().manual_seed(next(seeds))
        blocks = torch.randn(-(-size // 16) * 16, generator=generator)
        return blocks[:size].reshape(like.shape).to(like)

    return draw
