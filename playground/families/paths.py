"""Probability paths between noise and data, shared by the loss, the exact field and the loss floor.

Given data x1 and noise x0, a path is x_t = σ(t) x0 + α(t) x1 with velocity u_t = σ'(t) x0 + α'(t) x1 (Tong et al.,
TMLR 2024, arXiv 2302.00482, §3.2; Lipman et al., ICLR 2023, arXiv 2210.02747, §4). A network that regresses u_t learns
the marginal velocity, whose closed form for finite data follows from the posterior of x1 given x:

    v(x, t) = E[u_t | x_t = x] = ((α'σ − σ'α) E[x1 | x_t = x] + σ' x) / σ
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from playground.families.ideal import MixtureDensity, posterior_mean, variance, variance_in_class
from playground.families.stratified import stratified

LATEST = 1 - 1e-3
"""Latest time at which closed forms are evaluated; as t → 1, the field of finite data becomes singular."""

Curve = Callable[[Tensor], Tensor]
"""A function of times t (n,) with values (n,)."""


def uniform(p: Tensor) -> Tensor:
    """The distribution of t in training as a quantile function from p (n,) in [0, 1) to t (n,): here U[0, 1]."""
    return p


def middle(p: Tensor) -> Tensor:
    """Logit-normal: most of the times are in the middle, where noise and data mix and velocities are hard to tell.
    Esser et al., *Scaling Rectified Flow Transformers*, 2024, arXiv 2403.03206, §3.1, with a mean of 0 and a scale
    of 1."""
    return torch.special.ndtri(p).sigmoid()


def late(p: Tensor) -> Tensor:
    """The density 1 / (2 √(1 − t)): most of the times are near the data, where errors cost the most likelihood.

    In the bound on the divergence from the data by Song et al., *Maximum Likelihood Training of Score-Based Diffusion
    Models*, 2021, arXiv 2101.09258, theorem 1, a squared error of the velocity weighs t / (1 − t) on straight paths,
    and α / (σ (α'σ − σ'α)) on others."""
    return 1 - (1 - p).square()


TIMES = {"uniform": uniform, "middle": middle, "late": late}
"""The distributions of the times that training sees, by the names of the setting."""


class Pairs(NamedTuple):
    """The ends of n paths: noise x0 (n, dim) and data x1 (n, dim), with the classes (n,) of the data, if there are
    any."""

    x0: Tensor
    x1: Tensor
    labels: Tensor | None


Coupling = Callable[[Tensor, Tensor | None, Generator], Pairs]
"""Pairs a batch of data (n, dim) with classes (n,) with noise."""


def independent(x1: Tensor, labels: Tensor | None, generator: Generator) -> Pairs:
    """The coupling of noise x0 ~ N(0, I) that is independent of the data."""
    return Pairs(torch.randn(x1.shape, generator=generator, device=x1.device, dtype=x1.dtype), x1, labels)


@dataclass(frozen=True)
class Path:
    """alpha, sigma: from (about) α = 0, σ = 1 at t = 0 to α = 1, σ = 0 at t = 1, with their derivatives alpha_rate,
    sigma_rate; other paths are in `playground.families.flow.curves`.
    law: distribution of the times in training, see `uniform`. coupling: of noise and data, see `independent`."""

    alpha: Curve
    sigma: Curve
    alpha_rate: Curve
    sigma_rate: Curve
    law: Callable[[Tensor], Tensor] = uniform
    coupling: Coupling = independent

    @property
    def exact(self) -> bool:
        """Whether the closed forms hold: they are those of Gaussian noise that is independent of the data."""
        return self.coupling is independent

    def at(self, x0: Tensor, x1: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """x_t and u_t (n, dim) between noise x0 and data x1 (n, dim) at times t (n,)."""
        x_t = self.sigma(t)[:, None] * x0 + self.alpha(t)[:, None] * x1
        return x_t, self.alpha_rate(t)[:, None] * x1 + self.sigma_rate(t)[:, None] * x0

    def draw(self, pairs: Pairs, generator: Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Places on the paths of n pairs: times t (n,), stratified over their law, and x_t and u_t (n, dim)."""
        t = self.law(stratified(len(pairs.x1), generator))
        return t, *self.at(pairs.x0, pairs.x1, t)

    def exact_velocity(self, x: Tensor, t: Tensor, data: Tensor) -> Tensor:
        """v(x, t) (m, dim) that transports noise exactly onto the data (n, dim), for the independent coupling."""
        t = t.clamp(max=LATEST)
        alpha, sigma = self.alpha(t), self.sigma(t)
        x1 = posterior_mean(x, alpha, sigma, data, data)
        turn = self.alpha_rate(t) * sigma - self.sigma_rate(t) * alpha
        return (turn[:, None] * x1 + self.sigma_rate(t)[:, None] * x) / sigma[:, None]

    def loss_floor(self, law: MixtureDensity, u: Tensor, label_dropout: float = 1.0) -> float:
        """E ‖v(x_t, t) − u_t‖² of the exact velocity of data with this law, a mean over dimensions, if the coupling is
        independent.

        It is far from zero, because x_t doesn't determine the data point that a path leads to. The remainder is the
        variance of u_t given x_t, which is known in closed form, so that only times and places are random: functions of
        uniform numbers u (n, 2 + dim). In float64: near t = 1, small variances are divided by small numbers. The
        variance is smaller where the class is seen, which is hidden with probability `label_dropout`.
        """
        t = self.law(u[:, 0])
        x_t, labels = law.draw(u[:, 1:], self.alpha(t), self.sigma(t))
        t = t.clamp(max=LATEST)
        alpha, sigma = self.alpha(t), self.sigma(t)
        turn = self.alpha_rate(t) * sigma - self.sigma_rate(t) * alpha
        left = variance(x_t, alpha, sigma, law)
        if labels is not None and label_dropout < 1:
            seen = variance_in_class(x_t, alpha, sigma, law, labels)
            left = label_dropout * left + (1 - label_dropout) * seen
        return float((left * turn.square() / sigma.square()).mean())


class StraightPath(Path):
    """A path at constant speed. Its velocity needs no curves, which would cost a fifth of a small network's step."""

    def at(self, x0: Tensor, x1: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        t = t[:, None]
        return (1 - t) * x0 + t * x1, x1 - x0


STRAIGHT = StraightPath(
    alpha=lambda t: t,
    sigma=lambda t: 1 - t,
    alpha_rate=torch.ones_like,
    sigma_rate=lambda t: -torch.ones_like(t),
)
"""The straight line from x0 to x1 at constant speed: Tong et al., eq. 14–15 with σ = 0."""
