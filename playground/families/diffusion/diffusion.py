"""Diffusion: noise is added to data until no signal is left, and a network learns to remove it.

Ho, Jain, Abbeel, *Denoising Diffusion Probabilistic Models*, NeurIPS 2020, arXiv 2006.11239; Song et al., *Score-Based
Generative Modeling through Stochastic Differential Equations*, ICLR 2021, arXiv 2011.13456; Salimans & Ho, *Progressive
Distillation*, ICLR 2022, arXiv 2202.00512 (targets and weights); Karras et al., *Elucidating the Design Space of
Diffusion-Based Generative Models*, NeurIPS 2022, arXiv 2206.00364; Ho & Salimans, *Classifier-Free Diffusion Guidance*,
2022, arXiv 2207.12598.

x0 is data and ε ~ N(0, I) noise, x_t = α x0 + σ ε with α² + σ² = 1, and λ = log(α²/σ²). The papers' time runs from
data to noise; `playground.families.diffusion.schedules.clock` reverses it. Here t is the page's time: 0 is noise, 1 is
data.
"""

import copy
import math
from collections import deque
from collections.abc import Callable
from collections.abc import Generator as Pieces
from typing import Any, ClassVar, Self

import torch
from torch import Generator, Tensor

from playground.data.canvas import HALF
from playground.families import continuous, ideal, spaces
from playground.families.base import Family, Player
from playground.families.capabilities import Conditional, ContinuousDensity, Denoiser, LossFloor
from playground.families.conditioning import CLASSES, ClassNetwork, answers, drop_labels, guided
from playground.families.diffusion.samplers import SAMPLERS, Steps, fixed_noise, walk
from playground.families.diffusion.schedules import (
    CLEAN,
    Level,
    alpha_sigma,
    log_snr,
    log_snr_rate,
    sampling_times,
    training_log_snr,
)
from playground.families.diffusion.settings import DiffusionConfig
from playground.families.diffusion.targets import TARGETS, weight
from playground.families.stratified import stratified
from playground.solvers import solve


class Diffusion(Family, Denoiser, ContinuousDensity, Conditional, LossFloor):
    Config = DiffusionConfig
    title = "Diffusion"
    about = (
        "Noise is added to your data step by step until nothing of it is left, and the network learns to guess the "
        "clean point behind a noisy one. "
        "Each orange point began as pure noise and was cleaned a little at a time. "
        "Schedule, target and sampler decide how well that goes, and how fast."
    )
    about_images = (
        "Noise is added to images step by step until nothing of them is left, and the network learns to guess the "
        "clean image behind a noisy one. "
        "Each orange image began as pure noise and was cleaned a little at a time, as the film shows. "
        "Asked for a class, guidance makes samples more like it, and more like each other."
    )
    equation = "{x_t} = {α_t} {x_1} + {σ_t} {ε}"
    symbols: ClassVar = {
        "x_t": "A noised point at time t, between noise (0) and data (1).",
        "x_1": "The data point behind it. Papers that count time from data to noise call it x₀.",
        "ε": "Gaussian noise of standard deviation 1.",
        "α_t": "How much of the signal is left: the schedule decides.",
        "σ_t": "How much noise there is: α² + σ² = 1.",
    }

    config: DiffusionConfig

    def __init__(self, config: DiffusionConfig, shape: tuple[int, ...] = (2,)):
        super().__init__(config, shape)
        self.space = spaces.space_of(config, shape)
        self.network = ClassNetwork(self.space.settings, self.space.shape, config.frequencies)

    @property
    def lacks(self) -> frozenset[type]:
        return self.space.hides

    # The forward process.

    def log_snr(self, t: Tensor) -> Tensor:
        """λ (n,) at times t (n,)."""
        return log_snr(self.config.noise_schedule, t, self.config.noise_end)

    def levels(self, t: Tensor) -> tuple[Tensor, Tensor]:
        """(α, σ) at times t (n,)."""
        return alpha_sigma(self.log_snr(t))

    def noised(self, x0: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        """x_t = α x0 + σ ε, from data x0 and noise (n, dim) at t (n,)."""
        alpha, sigma = self.levels(t)
        return alpha[:, None] * x0 + sigma[:, None] * noise

    def signal_left(self) -> float:
        """α at the noise end of the schedule: the remaining signal. Below .02 it is not visible."""
        return float(self.levels(torch.zeros(1, dtype=torch.float64))[0])

    # The objective: predict the target at noise levels given by the schedule.

    def loss(self, x0: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """E w(λ) ‖x̂0 − x0‖² over levels, noise and the batch x0 (n, dim); a mean over dimensions.

        Computed as the error of the network's output, which avoids divisions by small numbers.
        """
        config, target = self.config, TARGETS[self.config.target]
        x0 = self.space.encode(x0, generator)
        log_snr = self._training_levels(stratified(len(x0), generator).to(x0))
        alpha, sigma = alpha_sigma(log_snr)
        noise = torch.randn(x0.shape, generator=generator, device=x0.device, dtype=x0.dtype)
        x = alpha[:, None] * x0 + sigma[:, None] * noise
        classes = drop_labels(labels, x0, config.label_dropout, generator)
        answer = self._answer(x, log_snr, classes)
        error = (answer - target.regression_target(x0, x, alpha, sigma)).square().mean(1)
        return (weight(config.weighting, config.target, log_snr) * target.scale(alpha, sigma).square() * error).mean()

    def _training_levels(self, p: Tensor) -> Tensor:
        """The quantiles p (n,), in (0, 1), of λ in training."""
        return training_log_snr(self.config.noise_schedule, p, self.config.noise_end)

    def _answer(self, x: Tensor, log_snr: Tensor, classes: Tensor) -> Tensor:
        alpha, sigma = alpha_sigma(log_snr)
        feed = TARGETS[self.config.target].feed(alpha, sigma)
        # Its time is the noise level, as an angle from 0 (noise) to 1 (data), so that it works with any schedule.
        time = 1 - torch.atan2(sigma, alpha) / (math.pi / 2)
        return self.network(feed[:, None] * x, time, classes)

    def players(self) -> list[Player]:
        diffusion = Player("diffusion", self.network.parameters(), self.loss, self.config.learning_rate)
        return [*self.space.players(self.config), diffusion]

    @staticmethod
    def passes(config: DiffusionConfig) -> float:
        return 1 + spaces.passes(config)

    def loss_floor(self, law: ideal.MixtureDensity, u: Tensor) -> float:
        """The loss of the exact denoiser of data with this law and with these settings, a mean over noisy points that
        are functions of uniform numbers u (n, 2 + dim).

        It is far from zero, because a noisy point doesn't determine the data point it came from: the remainder is w(λ)
        times the variance of x0 given x. The variance is smaller where the network also sees the class.
        """
        dropout = self.config.label_dropout
        log_snr = self._training_levels(u[:, 0])
        alpha, sigma = alpha_sigma(log_snr)
        x, labels = law.draw(u[:, 1:], alpha, sigma)
        variance = ideal.variance(x, alpha, sigma, law)
        if labels is not None and dropout < 1:
            variance = dropout * variance + (1 - dropout) * ideal.variance_in_class(x, alpha, sigma, law, labels)
        return float((weight(self.config.weighting, self.config.target, log_snr) * variance).mean())

    # The denoiser.

    def _denoise(self, x: Tensor, log_snr: Tensor) -> Tensor:
        """x̂0 (n, dim) at λ (n,), guided and, as in Ho et al.'s code, clipped to the data's range (the canvas)."""
        config, target = self.config, TARGETS[self.config.target]
        alpha, sigma = alpha_sigma(log_snr)

        def predict(classes: Tensor) -> Tensor:
            return target.x0_hat(self._answer(x, log_snr, classes), x, alpha, sigma)

        return guided(predict, x, config.class_index, config.guidance).clamp(-HALF, HALF)

    def forward(self, x: Tensor) -> Tensor:
        x = self.space(x)
        return self._answer(x, x.new_zeros(len(x)), x.new_zeros(len(x), CLASSES))

    # Sampling: from noise to data, level by level.

    def noise(self, n: int, generator: Generator) -> Tensor:
        """ε ~ N(0, I), shape (n, dim)."""
        return torch.randn(n, self.space.dim, generator=generator, device=generator.device)

    @staticmethod
    def evaluations(config: DiffusionConfig) -> int:
        return SAMPLERS[config.sampler].evaluations(config.sampler_steps) * answers(config.class_index, config.guidance)

    def times(self) -> Tensor:
        """The times of the sampler's levels from noise (0) to data (1), (sampler_steps + 1,)."""
        config = self.config
        spacing = SAMPLERS[config.sampler].spacing if config.spacing == "sampler" else config.spacing
        return sampling_times(config.noise_schedule, config.noise_end, config.sampler_steps, spacing)

    def steps(self, z: Tensor, draw: Callable[[], Tensor], data: Tensor | None = None) -> Steps:
        """The chosen sampler's steps from noise z (n, dim): the points after each step, and the x̂0 predicted before it.
        With data (m, dim), the steps of a model that has memorised them."""

        def denoise(x: Tensor, at: Level) -> Tensor:
            log_snr = x.new_full((len(x),), at.log_snr)
            return self._denoise(x, log_snr) if data is None else ideal.denoise(x, *alpha_sigma(log_snr), data)

        config = self.config
        levels = [*(Level(value) for value in self.log_snr(self.times()[:-1].double()).tolist()), CLEAN]
        return walk(denoise, z, levels, config.sampler, draw, config.eta, config.churn)

    def sample(self, n: int, generator: Generator) -> Tensor:
        steps = self.steps(self.noise(n, generator), lambda: self.noise(n, generator))
        return self.decode(deque(steps, maxlen=1).pop()[0])

    def decode(self, x: Tensor) -> Tensor:
        return self.space.decode(x)

    @classmethod
    def lines(cls, config: DiffusionConfig) -> list[Callable[..., Any]]:
        return [cls.loss, cls._denoise, cls.sample, cls.steps, SAMPLERS[config.sampler].formula]

    @property
    def label(self) -> int | None:
        return self.config.class_index

    @property
    def sampler(self) -> str:
        return self.config.sampler

    def with_sampler(self, sampler: str, steps: int | None = None, eta: float | None = None) -> Self:
        """The same model with shared weights, with another sampler and, if given, other steps and η."""
        settings = {"sampler": sampler, "sampler_steps": steps, "eta": eta}
        other = copy.copy(self)
        other.config = self.config.model_copy(update={name: v for name, v in settings.items() if v is not None})
        return other

    # What can be seen.

    def chain(self, z: Tensor, data: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The chosen sampler's trajectory from noise z (n, dim) along times(), and its x̂0: both (len(times()), n, dim).
        At the last time, x̂0 is the point itself. data: see `steps`.

        Stochastic samplers add the same noise at each call, so that a plot changes only when the model does.
        """
        steps = list(self.steps(z, fixed_noise(z), data))
        places = torch.stack([z, *(place for place, _ in steps)])
        return places, torch.stack([*(x0_hat for _, x0_hat in steps), places[-1]])

    def trajectory(self, z: Tensor, times: Tensor | None = None) -> Tensor:
        """The trajectory of each z (n, dim): (len(times), n, dim). By default it is the chosen sampler's along times().
        For given times, rising or falling, it follows the probability flow, with one Heun step per interval."""
        if times is None:
            return self.chain(z)[0]
        return solve(self._turn, z, self._angles(times.to(z)), "heun")

    def log_density(
        self, x: Tensor, t: float = 1.0, steps: int = continuous.STEPS, probe: Tensor | None = None
    ) -> Pieces[None, None, Tensor]:
        """log p_t(x) in nats (n,) at points x (n, dim) of the probability flow (`playground.families.continuous`)."""
        times = torch.linspace(t, 0, steps + 1, device=x.device)
        return continuous.log_density(self._turn, x, self._angles(times), probe)

    def _angles(self, times: Tensor) -> Tensor:
        """φ = arctan(σ / α) at times (n,)."""
        alpha, sigma = self.levels(times)
        return torch.atan2(sigma, alpha)

    def _turn(self, x: Tensor, angle: Tensor) -> Tensor:
        """dx/dφ (n, dim) of the probability flow at points x (n, dim) and angles φ (n,)."""
        log_snr = -2 * angle.tan().log()
        return self._direction(x, self._denoise(x, log_snr), log_snr)

    @staticmethod
    def _direction(x: Tensor, x0_hat: Tensor, log_snr: Tensor) -> Tensor:
        """dx/dφ = α ε̂ − σ x̂0 = (α x − x̂0) / σ."""
        alpha, sigma = alpha_sigma(log_snr)
        return (alpha[:, None] * x - x0_hat) / sigma[:, None]

    def denoise(self, x: Tensor, t: Tensor) -> Tensor:
        """x̂0 (n, dim), the denoised points that the model predicts from x (n, dim) at t (n,)."""
        return self._denoise(x, self.log_snr(t))

    def exact_denoise(self, x: Tensor, t: Tensor, data: Tensor | ideal.MixtureDensity) -> Tensor:
        """The exact x̂0 (n, dim) for finite data (m, dim), as of a model that has memorised them, or for a density."""
        return ideal.denoise(x, *self.levels(t), data)

    def exact_velocity(self, x: Tensor, t: Tensor, data: Tensor | ideal.MixtureDensity) -> Tensor:
        """The velocity (n, dim) that transports noise exactly onto the data."""
        return self.velocity(x, t, self.exact_denoise(x, t, data))

    def velocity(self, x: Tensor, t: Tensor, x0_hat: Tensor | None = None) -> Tensor:
        """dx/dt of the probability flow in the page's time (n, dim), for the model or for a given x̂0.

        dx/dφ · dφ/dλ · dλ/dt, with dφ/dλ = −ασ/2; Song et al., eq. 13.
        """
        config, log_snr = self.config, self.log_snr(t)
        rate = log_snr_rate(config.noise_schedule, t, config.noise_end)
        alpha, sigma = alpha_sigma(log_snr)
        x0_hat = self._denoise(x, log_snr) if x0_hat is None else x0_hat
        return (-alpha * sigma / 2 * rate)[:, None] * self._direction(x, x0_hat, log_snr)

    def score(self, x: Tensor, t: Tensor, x0_hat: Tensor | None = None) -> Tensor:
        """∇ log p_t(x) = (α x̂0 − x) / σ² (n, dim), for the model or for a given x̂0 (Tweedie's formula)."""
        log_snr = self.log_snr(t)
        alpha, sigma = alpha_sigma(log_snr)
        x0_hat = self._denoise(x, log_snr) if x0_hat is None else x0_hat
        return (alpha[:, None] * x0_hat - x) / sigma[:, None].square()
