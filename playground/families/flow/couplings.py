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
TOLERANCE = 0.01


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


def plan(
    x0: Tensor, x1: Tensor, regularisation: float, iterations: int = ITERATIONS, tolerance: float = TOLERANCE
) -> Tensor:
    """The plan (n, n) of entropic optimal transport between points (n, dim) of weight 1/n, by Sinkhorn's algorithm
    (Cuturi 2013, arXiv 1306.0895). The marginal of x1 is exact, that of x0 errs by at most the tolerance, relative to
    1/n, in the mean, if the iterations suffice."""
    cost = squared_distances(x0, x1)
    cost = cost / (regularisation * cost.mean()).clamp(min=1e-12)
    kernel = (cost.amin(0, keepdim=True) - cost).exp()  # scaled, so that each column has an entry of 1
    rows, smallest = torch.ones_like(kernel[:, 0]), torch.finfo(kernel.dtype).tiny
    for _ in range(iterations):
        columns = 1 / (rows @ kernel).clamp(min=smallest)
        coupled = kernel @ columns
        if float((rows * coupled - 1).abs().mean()) < tolerance:
            break
        rows = 1 / coupled.clamp(min=smallest)
    found = rows[:, None] * kernel
    return found / found.sum(0).clamp(min=smallest) / len(kernel)


def coupling_of(name: str, source: Source, at_once: int, regularisation: float) -> Coupling:
    """The coupling of this name, one of PAIRINGS or "independent". at_once: the largest number of points that are
    coupled together; a larger batch is divided."""
    if name == "independent" and source == GAUSSIAN:
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


ASSIGNED, ITERATED = 25, 5000
"""Operations that take as long as optimal transport of n points, over n³, and as entropic transport, over n². Measured:
an assignment of 128 points takes 1.3 ms, of 256 8 ms, of 512 50 ms. POT's network simplex takes 1.2, 5 and 26 ms, and
would be one more thing to install."""


def cost(name: str, batch: int, at_once: int) -> float:
    """Floating-point operations that take as long as coupling a batch."""
    each = min(batch, at_once)
    return batch * {"independent": 0, "entropic": ITERATED * each}.get(name, ASSIGNED * each**2)
