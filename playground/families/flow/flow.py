"""Flow matching: learn, by regression, a velocity field that transports noise to data.

Lipman, Chen, Ben-Hamu, Nickel, Le, *Flow Matching for Generative Modeling*, ICLR 2023, arXiv 2210.02747;
Tong et al., *Improving and Generalizing Flow-Based Generative Models with Minibatch Optimal Transport*, TMLR 2024,
arXiv 2302.00482, whose notation is used here: x0 ~ q0, by default N(0, I), is noise at t = 0, x1 ~ q1 is data at t = 1;
Zheng et al., *Guided Flows for Generative Modeling and Decision Making*, 2023, arXiv 2311.13443 (guidance). Reflow (Liu
et al., *Flow Straight and Fast*, ICLR 2023, arXiv 2209.03003) is in `playground.families.flow.reflow`,
mean flow (Geng et al., *Mean Flows for One-step Generative Modeling*, 2025, arXiv 2505.13447) in `…flow.mean_flow`.
"""

import copy
import dataclasses
import math
from collections.abc import Callable
from collections.abc import Generator as Pieces
from typing import Any, ClassVar, Self

import torch
from torch import Generator, Tensor

from playground.families import continuous, spaces
from playground.families.base import Family, Player
from playground.families.capabilities import (
    Conditional,
    ConditionalPaths,
    ContinuousDensity,
    ExactField,
    LossFloor,
    Solved,
)
from playground.families.conditioning import CLASSES, ClassNetwork, answers, drop_labels, guided
from playground.families.flow import couplings, maximum_likelihood, mean_flow, reflow
from playground.families.flow.couplings import coupling_of
from playground.families.flow.curves import path_of, seen_at
from playground.families.flow.maximum_likelihood import negative_log_likelihood
from playground.families.flow.settings import FlowConfig, curves
from playground.families.flow.sources import GAUSSIAN, source_of
from playground.families.ideal import MixtureDensity
from playground.families.paths import STRAIGHT, Path
from playground.solvers import SOLVERS, evaluations, solve


class Flow(Family, ConditionalPaths, ExactField, ContinuousDensity, Solved, Conditional, LossFloor):
    Config = FlowConfig
    title = "Flow"
    about = (
        "Each orange point began as noise. The network has learned one velocity for every place and time, and "
        "following it carries the noise onto your data. "
        "Paths bend where several data points compete for the same place."
    )
    about_images = (
        "Each orange image began as noise. The network has learned how every pixel should change, for every image and "
        "time, and following it carries the noise to images like those of your data. "
        "Films show the way there, and back."
    )
    equation = "d{x}/d{t} = {v_θ}({x}, {t})"
    symbols: ClassVar = {
        "x": "A sample on its path from noise to data.",
        "t": "Time: 0 is noise, 1 is data.",
        "v_θ": "The velocity at a place and a time: a network with the weights θ.",
    }

    config: FlowConfig
    path: Path = STRAIGHT
    """The path between one noise point and one data point, with their coupling."""

    def __init__(self, config: FlowConfig, shape: tuple[int, ...] = (2,)):
        super().__init__(config, shape)
        self.source = source_of(config.source, config.source_points)
        coupling = coupling_of(config.coupling, self.source, config.coupled, config.regularisation)
        path = path_of(config.path, curves(config.drawn_path), config.sigma_max, config.sigma_min)
        path = path if coupling is path.coupling else dataclasses.replace(path, coupling=coupling)
        self.path = self.first_path = seen_at(path, config.times)
        self.space = spaces.space_of(config, shape)
        self.network = ClassNetwork(self.space.settings, self.space.shape, config.frequencies)
        learned = config.mean_flow == "on"
        self.average = mean_flow.AverageNetwork(self.space.settings, self.space.shape) if learned else None

    # The objective: regress the network onto the conditional velocity. The gradient equals that of the regression onto
    # the marginal velocity, which is intractable (Lipman et al., theorem 2).

    def loss(self, x1: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """E ‖v(x_t, t) − u_t‖² over the path and the batch x1 (n, dim); a mean over dimensions. Tong et al., eq. 10."""
        x1 = self.space.encode(x1, generator)
        if self.by_likelihood:
            return negative_log_likelihood(self._unconditional, x1, generator, self.log_noise)
        t, x_t, u_t, classes = self._draw(x1, generator, labels)
        return (self.network(x_t, t, classes) - u_t).square().mean()

    def _unconditional(self, x: Tensor, t: Tensor) -> Tensor:
        return self.network(x, t, x.new_zeros(len(x), CLASSES))

    def _draw(self, x1: Tensor, generator: Generator, labels: Tensor | None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Places on paths to the batch x1 (n, dim): t (n,), x_t and u_t (n, dim), and rows of classes (n, CLASSES)."""
        pairs = self.path.coupling(x1, labels, generator)
        t, x_t, u_t = self.path.draw(pairs, generator)
        dropout = 0.0 if self.round else self.config.label_dropout  # reflow's pairs have some without a class
        return t, x_t, u_t, drop_labels(pairs.labels, x_t, dropout, generator)

    def loss_floor(self, law: MixtureDensity, u: Tensor) -> float:
        """The loss of the exact field of data with this law, at times and places made of uniform numbers u."""
        return self.path.loss_floor(law, u, self.config.label_dropout)

    @property
    def lacks(self) -> frozenset[type]:
        known = {ExactField, LossFloor} if not self.path.exact or self.round else set()
        return self.space.hides | (known if not self.by_likelihood else {ConditionalPaths, ExactField, LossFloor})

    @property
    def by_likelihood(self) -> bool:
        """Whether it is trained without paths: what carries noise to data is then any field that does."""
        return self.config.objective == "maximum_likelihood" and not self.round

    @property
    def coupled(self) -> int:
        independent = self.config.coupling == "independent"
        return 1 if independent else min(self.config.batch_size, self.config.coupled)

    @property
    def waits(self) -> bool:
        return self.by_likelihood or self.config.coupling != "independent"

    @staticmethod
    def overhead(config: FlowConfig) -> float:
        if config.objective == "maximum_likelihood":
            return 0
        return couplings.cost(config.coupling, config.batch_size, config.coupled)

    def forward(self, x: Tensor) -> Tensor:
        x, t, classes = self.space(x), x.new_zeros(len(x)), x.new_zeros(len(x), CLASSES)
        if self.average is not None:
            self.average(x, t, t, classes)
        return self.network(x, t, classes)

    def players(self) -> list[Player]:
        flow = Player("flow", self.network.parameters(), self.loss, self.config.learning_rate)
        players = [*self.space.players(self.config), flow]
        if self.average is None:
            return players
        rate = self.config.learning_rate / mean_flow.SLOWER
        return [*players, Player("map", self.average.parameters(), self.mean_flow_loss, rate, beside=True)]

    @staticmethod
    def passes(config: FlowConfig) -> float:
        own = maximum_likelihood.passes(config.batch_size) if config.objective == "maximum_likelihood" else 1
        own += spaces.passes(config)
        return own if config.mean_flow == "off" else own + 0.5  # a velocity and a forward-mode derivative

    def mean_flow_loss(self, x1: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """The loss of the average velocity on paths to the batch x1 (n, dim), see `playground.families.flow.mean_flow`.
        Its velocities are the network's, of which the conditional ones, those of the paper, are noisy estimates."""
        assert self.average is not None
        network = self.average
        t, x, _, classes = self._draw(self.space.encode(x1, generator), generator, labels)
        with torch.no_grad():
            v = self.network(x, t, classes)
        s = mean_flow.later(t, generator)
        return mean_flow.loss(lambda x, t, s: network(x, t, s, classes), x, t, s, v)

    # Reflow: learn the straight lines between the ends of the trained flow's own paths.

    prolonged_by: ClassVar = ("reflows", "Reflow")
    between = "carrying noise to data: the pairs of the next round"

    @staticmethod
    def rounds(config: FlowConfig) -> int:
        return 1 + config.reflows

    @staticmethod
    def preparation(config: FlowConfig, dim: int) -> float:
        return reflow.cost(dim)

    def prepare_round(self, labels: Tensor | None, generator: Generator) -> Pieces[None, None, reflow.Rectified]:
        """Pairs of noise and where this flow carries it: given classes of the training data or, as often as they are
        dropped, none."""
        n = reflow.pairs(self.space.dim)
        x0 = self.noise(n, generator)
        given = torch.full((n,), reflow.NO_CLASS, device=x0.device)
        if labels is not None and not self.by_likelihood:
            drawn = labels[torch.randint(len(labels), (n,), generator=generator, device=x0.device)]
            hidden = torch.rand(n, generator=generator, device=x0.device) < self.config.label_dropout
            given = given.where(hidden, drawn)

        def velocity(x: Tensor, t: Tensor, classes: Tensor) -> Tensor:
            return self.network(x, t, drop_labels(classes, x, 0.0, generator))

        return (yield from reflow.rectified(velocity, x0, given))

    def begin_round(self, number: int, material: reflow.Rectified | None) -> None:
        super().begin_round(number, material)
        if material is None:
            self.path = self.first_path
        else:
            self.path = seen_at(dataclasses.replace(STRAIGHT, coupling=material), self.config.times)

    # Sampling: solve dx/dt = v(x, t) from noise.

    def noise(self, n: int, generator: Generator) -> Tensor:
        """σ(0) x0 for x0 ~ q0, shape (n, dim): where paths start."""
        return self._scale * self.source.draw(n, self.space.dim, generator, torch.float32)

    @property
    def standard(self) -> bool:
        return self.source == GAUSSIAN and abs(self._scale - 1) < 1e-3

    @property
    def _scale(self) -> float:
        return float(self.first_path.sigma(torch.zeros(1)))

    def log_noise(self, x: Tensor) -> Tensor:
        """The log-density of `noise` at points x (n, dim), in nats (n,)."""
        return self.source.log_density(x / self._scale) - self.space.dim * math.log(self._scale)

    @staticmethod
    def evaluations(config: FlowConfig) -> int:
        one_each = config.solver == mean_flow.SOLVER
        steps = config.solver_steps if one_each else evaluations(config.solver, config.solver_steps)
        return steps * answers(config.class_index, config.guidance)

    def sample(self, n: int, generator: Generator) -> Tensor:
        return self.decode(self.trajectory(self.noise(n, generator))[-1])

    def decode(self, x: Tensor) -> Tensor:
        return self.space.decode(x)

    @property
    def solver(self) -> str:
        return self.config.solver

    @property
    def solvers(self) -> tuple[str, ...]:
        return (*SOLVERS, *([] if self.average is None else [mean_flow.SOLVER]))

    def with_solver(self, solver: str, steps: int) -> Self:
        """The same model with shared weights, with another solver and other steps."""
        other = copy.copy(self)
        other.config = self.config.model_copy(update={"solver": solver, "solver_steps": steps})
        return other

    @property
    def label(self) -> int | None:
        return self.config.class_index

    @classmethod
    def lines(cls, config: FlowConfig) -> list[Callable[..., Any]]:
        learned: list[Callable[..., Any]] = [cls.loss]
        if config.objective == "maximum_likelihood":
            learned += [negative_log_likelihood]
        else:
            learned += [cls._draw, type(path_of(config.path, curves(config.drawn_path), 1.0, config.sigma_min)).at]
        step = None if config.solver == mean_flow.SOLVER else SOLVERS[config.solver].step
        return [*learned, cls.sample, cls.velocity, *([step] if step else [])]

    # What can be seen.

    def velocity(self, x: Tensor, t: Tensor) -> Tensor:
        """v(x, t), the learned field at points x (n, dim) and times t (n,), guided (Zheng et al., eq. 5)."""
        config = self.config
        return guided(lambda classes: self.network(x, t, classes), x, config.class_index, config.guidance)

    def levels(self, t: Tensor) -> tuple[Tensor, Tensor]:
        """(α, σ) of the path at times t (n,), for the independent coupling."""
        return self.path.alpha(t), self.path.sigma(t)

    def exact_velocity(self, x: Tensor, t: Tensor, data: Tensor) -> Tensor:
        """The field that transports noise exactly onto the data (m, dim), at points x (n, dim) and times t (n,)."""
        return self.path.exact_velocity(x, t, data)

    def times(self) -> Tensor:
        """The solver's time grid from noise to data, (solver_steps + 1,)."""
        return torch.linspace(0, 1, self.config.solver_steps + 1)

    def trajectory(self, z: Tensor, times: Tensor | None = None) -> Tensor:
        """The trajectory of each z (n, dim) from times[0] (default 0) along the field: (len(times), n, dim). The mean
        flow, which knows no way back, leaves that to the midpoint rule."""
        times, solver = self.times() if times is None else times, self.config.solver
        if solver != mean_flow.SOLVER:
            return solve(self.velocity, z, times, solver)
        if times[-1] < times[0]:
            return solve(self.velocity, z, times, "midpoint")
        return mean_flow.trajectory(self.average_velocity, z, times)

    def average_velocity(self, x: Tensor, t: Tensor, s: Tensor) -> Tensor:
        """u(x, t, s) (n, dim) from times t to s (n,), at points x (n, dim). Guided as velocities are, which for a
        guidance other than 0 and 1 is not quite the average velocity of the guided field."""
        assert self.average is not None
        network, config = self.average, self.config
        return guided(lambda classes: network(x, t, s, classes), x, config.class_index, config.guidance)

    def log_density(
        self, x: Tensor, t: float = 1.0, steps: int = continuous.STEPS, probe: Tensor | None = None
    ) -> Pieces[None, None, Tensor]:
        """log p_t(x) in nats (n,) at points x (n, dim), see `playground.families.continuous`. Of the chosen class, and
        under guidance that of the guided field."""
        times = torch.linspace(t, 0, steps + 1)
        return continuous.log_density(self.velocity, x, times, probe, log_noise=self.log_noise)
