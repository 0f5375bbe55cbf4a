"""Reflow: another flow learns the straight lines between the ends of a trained flow's paths.

Liu, Gong, Liu, *Flow Straight and Fast: Learning to Generate and Transfer Data with Rectified Flow*, ICLR 2023, arXiv
2209.03003, algorithm 1 with its option Reflow. The pairs (x0, x1) of noise and where the flow carries it are a coupling
of noise and data that costs no more than the one before, for any convex cost (theorem 3.5). A flow that learns from it
has straighter paths (theorem 3.7), so that one long step makes good samples.
"""

from collections.abc import Callable
from collections.abc import Generator as Pieces
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import torch
from torch import Generator, Tensor

from playground.families.paths import Pairs
from playground.solvers import evaluations, solve

PAIRS = 16_384
"""Pairs that are made, of which batches are drawn; fewer of images, such that they have at most NUMBERS coordinates."""

NUMBERS = 1 << 19

SOLVER, STEPS = "rk4", 10
"""How the flow is solved for them, whatever solver draws samples."""

AT_ONCE = 512
"""Pairs in one piece of the work: each step takes some milliseconds."""

NO_CLASS = -1


@dataclass(frozen=True, eq=False)
class Rectified:
    """A deterministic coupling: x1 (n, dim) is where a flow carries the noise x0 (n, dim), given the class (n,), or
    none where it is NO_CLASS."""

    x0: Tensor
    x1: Tensor
    labels: Tensor

    @property
    def nbytes(self) -> int:
        return self.x0.nbytes + self.x1.nbytes + self.labels.nbytes

    def __call__(self, x1: Tensor, labels: Tensor | None, generator: Generator) -> Pairs:
        """As many of the pairs, drawn at random, as there are data x1 (n, dim)."""
        chosen = torch.randint(len(self.x0), (len(x1),), generator=generator, device=x1.device)
        return Pairs(self.x0[chosen], self.x1[chosen], self.labels[chosen])


def pairs(dim: int) -> int:
    """The number of pairs of points with this many coordinates."""
    return min(PAIRS, NUMBERS // dim)


def cost(dim: int) -> int:
    """The network evaluations that make them."""
    return pairs(dim) * evaluations(SOLVER, STEPS)


def rectified(
    velocity: Callable[[Tensor, Tensor, Tensor], Tensor], x0: Tensor, labels: Tensor
) -> Pieces[None, None, Rectified]:
    """The coupling of noise x0 (n, dim) with where v(x, t, labels) carries it. Yields after each step of a piece."""
    ends = []
    for x, classes in zip(x0.split(AT_ONCE), labels.split(AT_ONCE), strict=True):
        field = partial(_given, velocity, classes)
        for interval in pairwise(torch.linspace(0, 1, STEPS + 1)):
            x = solve(field, x, torch.stack(interval), SOLVER)[-1]
            yield
        ends.append(x)
    return Rectified(x0, torch.cat(ends), labels)


def _given(velocity: Callable[[Tensor, Tensor, Tensor], Tensor], classes: Tensor, x: Tensor, t: Tensor) -> Tensor:
    return velocity(x, t, classes)
