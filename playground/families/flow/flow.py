"""Flow matching: learn, by regression, a velocity field that transports noise to data.

Lipman, Chen, Ben-Hamu, Nickel, Le, *Flow Matching for Generative Modeling*, ICLR 2023, arXiv 2210.02747;
Tong et al., *Improving and Generalizing Flow-Based Generative Models with Minibatch Optimal Transport*, TMLR 2024,
arXiv 2302.00482, whose notation is used here: x0 ~ q0, by default N(0, I), is noise at t = 0, x1 ~ q1 is data at t = 1.
"""

import dataclasses
import math
from collections.abc import Generator as Pieces
from typing import ClassVar

import torch
from torch import Generator, Tensor

from playground.families import continuous
from playground.families.base import Family, Player
from playground.families.capabilities import ConditionalPaths, ContinuousDensity, ExactField, LossFloor
from playground.families.flow import couplings, maximum_likelihood
from playground.families.flow.couplings import coupling_of
from playground.families.flow.curves import path_of
from playground.families.flow.maximum_likelihood import negative_log_likelihood
from playground.families.flow.settings import FlowConfig, curves
from playground.families.flow.sources import GAUSSIAN, source_of
from playground.families.ideal import MixtureDensity
from playground.families.paths import STRAIGHT, Path
from playground.networks import TimeNetwork
from playground.solvers import evaluations, solve


class Flow(Family, ConditionalPaths, ExactField, ContinuousDensity, LossFloor):
    Config = FlowConfig
    title = "Flow"
    about = (
        "Each orange point began as noise. The network has learned one velocity for every place and time, and "
        "following it carries the noise onto your data. "
        "Paths bend where several data points compete for the same place."
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
        self.path = path if coupling is path.coupling else dataclasses.replace(path, coupling=coupling)
        self.network = TimeNetwork(self.dim, config.width, config.depth, config.frequencies)

    # The objective: regress the network onto the conditional velocity. The gradient equals that of the regression onto
    # the marginal velocity, which is intractable (Lipman et al., theorem 2).

    def loss(self, x1: Tensor, generator: Generator, labels: Tensor | None = None) -> Tensor:
        """E ‖v(x_t, t) − u_t‖² over the path and the batch x1 (n, dim); a mean over dimensions. Tong et al., eq. 10."""
        if self.by_likelihood:
            return negative_log_likelihood(self.velocity, x1, generator, self.log_noise)
        t, x_t, u_t = self.path.draw(self.path.coupling(x1, labels, generator), generator)
        return (self.velocity(x_t, t) - u_t).square().mean()

    def loss_floor(self, law: MixtureDensity, generator: Generator, n: int = 1024) -> float:
        """The loss of the exact field of data with this law."""
        return self.path.loss_floor(law, generator, n)

    @property
    def lacks(self) -> frozenset[type]:
        if self.by_likelihood:
            return frozenset({ConditionalPaths, ExactField, LossFloor})
        return frozenset() if self.path.exact else frozenset({ExactField, LossFloor})

    @property
    def by_likelihood(self) -> bool:
        """Whether it is trained without paths: what carries noise to data is then any field that does."""
        return self.config.objective == "maximum_likelihood"

    @staticmethod
    def passes(config: FlowConfig) -> float:
        return maximum_likelihood.passes(config.batch_size) if config.objective == "maximum_likelihood" else 1

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
        return self.velocity(x, x.new_zeros(len(x)))

    def players(self) -> list[Player]:
        return [Player("flow", self.network.parameters(), self.loss, self.config.learning_rate)]

    # Sampling: solve dx/dt = v(x, t) from noise.

    def noise(self, n: int, generator: Generator) -> Tensor:
        """σ(0) x0 for x0 ~ q0, shape (n, dim): where paths start."""
        return self._scale * self.source.draw(n, self.dim, generator, torch.float32)

    @property
    def standard(self) -> bool:
        return self.source == GAUSSIAN and abs(self._scale - 1) < 1e-3

    @property
    def _scale(self) -> float:
        return float(self.path.sigma(torch.zeros(1)))

    def log_noise(self, x: Tensor) -> Tensor:
        """The log-density of `noise` at points x (n, dim), in nats (n,)."""
        return self.source.log_density(x / self._scale) - self.dim * math.log(self._scale)

    @staticmethod
    def evaluations(config: FlowConfig) -> int:
        return evaluations(config.solver, config.solver_steps)

    def sample(self, n: int, generator: Generator) -> Tensor:
        return self.trajectory(self.noise(n, generator))[-1]

    # What can be seen.

    def velocity(self, x: Tensor, t: Tensor) -> Tensor:
        """v(x, t), the learned field at points x (n, dim) and times t (n,)."""
        return self.network(x, t)

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
        """The trajectory of each z (n, dim) from times[0] (default 0) along the field: (len(times), n, dim)."""
        return solve(self.velocity, z, self.times() if times is None else times, self.config.solver)

    def log_density(
        self, x: Tensor, t: float = 1.0, steps: int = continuous.STEPS, probe: Tensor | None = None
    ) -> Pieces[None, None, Tensor]:
        """log p_t(x) in nats (n,) at points x (n, dim), see `playground.families.continuous`."""
        times = torch.linspace(t, 0, steps + 1)
        return continuous.log_density(self.velocity, x, times, probe, log_noise=self.log_noise)
