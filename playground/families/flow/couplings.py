"""Couplings: which source point is the start of the path to which data point.

Paths between pairs of a better coupling cross less, so that trajectories are straighter and few steps suffice. Tong et
al., TMLR 2024, arXiv 2302.00482, §3.2–3.3, and Pooladian et al., *Multisample Flow Matching*, ICML 2023, arXiv
2304.14772, couple within a batch. The marginals stay right: every coupling here only permutes, or resamples, source
points that were drawn independently.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from playground.families.flow.sources import GAUSSIAN, Source
from playground.families.paths import Coupling, Pairs, independent

Pairing = Callable[[Tensor, Tensor, Tensor | None, Generator], Tensor]
"""From source points x0 (n, dim), data x1 (n, dim) and their classes (n,), the index of the x0 for each x1 (n,)."""

ITERATIONS = 100
"""Most iterations of Sinkhorn's algorithm."""


def squared_distances(x0: Tensor, x1: Tensor) -> Tensor:
    """‖x0_i − x1_j‖² (n, m), in double precision."""
    return torch.cdist(x0.double(), x1.double()).square()


def optimal(x0: Tensor, x1: Tensor, labels: Tensor | None, generator: Generator) -> Tensor:
    """Exact optimal transport of a batch, which is a permutation: Tong et al., algorithm 3."""
    from scipy.optimize import linear_sum_assignment  # not before it is needed

    _, source = linear_sum_assignment(squared_distances(x1, x0).cpu().numpy())
    return torch.as_tensor(source, device=x1.device)


def class_aware(x0: Tensor, x1: Tensor, labels: Tensor | None, generator: Generator) -> Tensor:
    """Optimal transport within each class.

    Coupled over all classes at once, each class gets the noise that lies near it. A model that is then asked for one
    class starts from all of the noise, which it never saw with this class (Cheng & Schwing, *The Curse of Conditions*,
    arXiv 2503.10636, §3). Here the noise of each class remains the whole source: their method for discrete conditions.
    """
    if labels is None:
        return optimal(x0, x1, labels, generator)
    source = torch.empty(len(x1), dtype=torch.long, device=x1.device)
    for label in labels.unique():
        own = (labels == label).nonzero()[:, 0]
        source[own] = own[optimal(x0[own], x1[own], None, generator)]
    return source


def entropic(regularisation: float) -> Pairing:
    """Pairs drawn from the plan of entropic optimal transport: between optimal (0) and independent (∞).

    regularisation: the weight of the plan's entropy, relative to the mean cost of the batch.
    """

    def pairing(x0: Tensor, x1: Tensor, labels: Tensor | None, generator: Generator) -> Tensor:
        return torch.multinomial(plan(x0, x1, regularisation).T, 1, generator=generator)[:, 0]

    return pairing


def plan(x0: Tensor, x1: Tensor, regularisation: float, iterations: int = ITERATIONS) -> Tensor:
    """The plan (n, n) of entropic optimal transport between points (n, dim) of weight 1/n, by Sinkhorn's algorithm
    (Cuturi 2013, arXiv 1306.0895). The marginal of x1 is exact, that of x0 as good as the iterations make it."""
    cost = squared_distances(x0, x1)
    cost = cost / (regularisation * cost.mean()).clamp(min=1e-12)
    kernel = (cost.amin(0, keepdim=True) - cost).exp()  # scaled, so that each column has an entry of 1
    rows, smallest = torch.full_like(kernel[:, 0], 1 / len(kernel)), torch.finfo(kernel.dtype).tiny
    for _ in range(iterations):
        columns = 1 / (rows @ kernel).clamp(min=smallest)
        rows = 1 / (kernel @ columns).clamp(min=smallest)
    coupled = rows[:, None] * kernel
    return coupled / coupled.sum(0).clamp(min=smallest) / len(kernel)


def coupling_of(name: str, source: Source, at_once: int, regularisation: float) -> Coupling:
    """The coupling of this name, one of PAIRINGS or "independent". at_once: the largest number of points that are
    coupled together; a larger batch is divided."""
    if name == "independent" and source is GAUSSIAN:
        return independent
    pairing = {"optimal_transport": optimal, "class_aware": class_aware, "entropic": entropic(regularisation)}.get(name)

    def coupling(x1: Tensor, labels: Tensor | None, generator: Generator) -> Pairs:
        x0 = source.draw(len(x1), x1.shape[1], generator, x1.dtype)
        if pairing is None:
            return Pairs(x0, x1, labels)
        classes = [None] * len(x1) if labels is None else labels.split(at_once)
        parts = zip(x0.split(at_once), x1.split(at_once), classes, strict=False)
        return Pairs(torch.cat([own[pairing(own, data, of, generator)] for own, data, of in parts]), x1, labels)

    return coupling


ASSIGNED, ITERATED = 20, 1500
"""Operations that take as long as optimal transport of n points, over n³, and as entropic transport, over n². Measured:
1.2 ms for an assignment of 128 points, 9 ms for 256, 53 ms for 512; POT's network simplex takes 1.1, 7 and 34 ms."""


def cost(name: str, batch: int, at_once: int) -> float:
    """Floating-point operations that take as long as coupling a batch."""
    each = min(batch, at_once)
    return batch * {"independent": 0, "entropic": ITERATED * each}.get(name, ASSIGNED * each**2)
