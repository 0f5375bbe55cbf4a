"""Mean flow: a second network learns the average velocity between two times, so that one step goes all the way.

Geng, Deng, Bai, Kolter, He, *Mean Flows for One-step Generative Modeling*, NeurIPS 2025, arXiv 2505.13447. Their time
runs from data to noise; here, as everywhere, t = 0 is noise. The average velocity of the flow from time t to s,

    (s − t) u(x_t, t, s) = ∫ v(x_τ, τ) dτ from t to s = x_s − x_t,

obeys the identity (their eq. 6) that follows from differentiating with respect to t along the flow:

    u = v + (s − t) du/dt,    du/dt = (v · ∇) u + ∂u/∂t.

A network that obeys it, regressed onto its own right-hand side without a gradient (eq. 9), has learned where every path
leads, without one having been solved.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Generator, Tensor, nn

from playground.families.conditioning import CLASSES
from playground.networks import Settings, Shape, TimeFeatures, conditioned

SOLVER = "mean_flow"
"""The name, among those of solvers, of sampling with the average velocity."""

APART = 0.75
"""Share of the training with s ≠ t; in the rest u(x, t, t) = v is learned, on which all else is built (table 1a)."""

FREQUENCIES = 1
"""Harmonics of its times. Its target contains its own derivative with respect to time, which high harmonics amplify: on
the face, one step of a network with four of them misses by .64, with one by .11 (a perfect model: .08 to .12)."""

SLOWER = 2
"""Its learning rate is that of the flow, divided by this, since its target moves with it."""

Average = Callable[[Tensor, Tensor, Tensor], Tensor]
"""u(x, t, s): maps points x (n, dim) and times t, s (n,) to average velocities (n, dim)."""


class AverageNetwork(nn.Module):
    """Maps data x (n, dim), times t and s (n,) and one-hot classes (n, CLASSES) to average velocities (n, dim)."""

    def __init__(self, settings: Settings, shape: Shape):
        super().__init__()
        self.time = TimeFeatures(FREQUENCIES)
        self.body = conditioned(settings, shape, 2 * self.time.size + CLASSES, harmonics=False)

    def forward(self, x: Tensor, t: Tensor, s: Tensor, classes: Tensor) -> Tensor:
        return self.body(x, torch.cat([self.time(t), self.time(s - t), classes], dim=1))


def later(t: Tensor, generator: Generator) -> Tensor:
    """Times s (n,) of the training: uniform between t (n,) and 1 for a share APART of them, else t."""
    p, kept = torch.rand(2, len(t), generator=generator, device=t.device, dtype=t.dtype)
    return torch.where(kept < APART, t + p * (1 - t), t)


def loss(average: Average, x: Tensor, t: Tensor, s: Tensor, v: Tensor) -> Tensor:
    """E ‖u − sg(v + (s − t) du/dt)‖² at points x (n, dim) of the paths, with the velocities v (n, dim) there; a mean
    over dimensions. du/dt is one forward-mode derivative along (v, 1, 0). Eq. 9–11."""
    with torch.no_grad():
        rate = torch.func.jvp(average, (x, t, s), (v, torch.ones_like(t), torch.zeros_like(s)))[1]
        target = v + (s - t)[:, None] * rate
    return (average(x, t, s) - target).square().mean()


def trajectory(average: Average, x: Tensor, times: Tensor) -> Tensor:
    """x_s = x_t + (s − t) u(x_t, t, s) from each of the increasing times to the next (eq. 12), from x (n, dim) at
    times[0]: (len(times), n, dim)."""
    places = [x]
    for t, s in pairwise(times.to(x)):
        places.append(places[-1] + (s - t) * average(places[-1], t.expand(len(x)), s.expand(len(x))))
    return torch.stack(places)
