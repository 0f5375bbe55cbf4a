"""The exact velocity field of a finite data set: what a flow that remembered every point would have learned.

For the straight path from N(0, I) to the points x_1 … x_n, each as likely as the others, the marginal velocity has a
closed form (Lipman et al. 2023, arXiv 2210.02747, eq. 8 for the marginal and 21 with σ_min = 0 for the path):

    v(x, t) = (E[x1 | x_t = x] − x) / (1 − t),      E[x1 | x_t = x] = Σ_i softmax_i(−‖x − t x_i‖² / 2(1 − t)²) x_i

It is the yardstick beside a learned field, and its own loss is the floor of the flow-matching loss.
"""

import torch
from torch import Tensor

LATEST = 1 - 1e-3
"""Fields of finite sets point ever more sharply at single points as t → 1; the formula is evaluated up to here."""

CHUNK = 1 << 22
"""Most (place, point) pairs that are weighed at once: 16 MB of float32."""


def expected_data(x: Tensor, t: Tensor, data: Tensor) -> Tensor:
    """E[x1 | x_t = x] (m, dim), the mean of the data (n, dim) that a path through x (m, dim) at t (m,) may lead to."""
    rows = max(1, CHUNK // len(data))
    return torch.cat([_expected_data(a, b, data) for a, b in zip(x.split(rows), t.split(rows), strict=True)])


def _expected_data(x: Tensor, t: Tensor, data: Tensor) -> Tensor:
    t = t.clamp(max=LATEST)[:, None]
    # −‖x − t x_i‖² / 2(1−t)² up to a term that is the same for all i, as one matrix product.
    logits = (t * (x @ data.T) - t.square() * data.square().sum(1) / 2) / (1 - t).square()
    return logits.softmax(1) @ data


def velocity(x: Tensor, t: Tensor, data: Tensor) -> Tensor:
    """v(x, t) of the data (n, dim) at places x (m, dim) and times t (m,): (m, dim)."""
    return (expected_data(x, t, data) - x) / (1 - t.clamp(max=LATEST))[:, None]
