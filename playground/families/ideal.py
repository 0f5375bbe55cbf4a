"""The exact velocity field of a finite data set: what a flow that remembered every point would have learned.

For the straight path from N(0, I) to the points x_1 … x_n, each as likely as the others, the marginal velocity has a
closed form (Lipman et al. 2023, arXiv 2210.02747, eq. 8 for the marginal and 21 with σ_min = 0 for the path):

    v(x, t) = (E[x1 | x_t = x] − x) / (1 − t),      E[x1 | x_t = x] = Σ_i softmax_i(−‖x − t x_i‖² / 2(1 − t)²) x_i

It is the yardstick beside a learned field, and its own loss is the floor of the flow-matching loss.
"""

import torch
from torch import Generator, Tensor

LATEST = 1 - 1e-3
"""Fields of finite sets point ever more sharply at single points as t → 1; the formula is evaluated up to here."""

CHUNK = 1 << 22
"""Most (place, point) pairs that are weighed at once: 16 MB of float32."""


def expected(x: Tensor, t: Tensor, data: Tensor, values: Tensor) -> Tensor:
    """E[values | x_t = x] (m, k): the mean value (n, k) of the data (n, dim) that a path through x (m, dim) at t (m,)
    may lead to. With values = data, it is E[x1 | x_t = x]."""
    rows = max(1, CHUNK // len(data))
    parts = zip(x.split(rows), t.split(rows), strict=True)
    return torch.cat([_weights(x, t, data) @ values for x, t in parts])


def _weights(x: Tensor, t: Tensor, data: Tensor) -> Tensor:
    """How likely each data point is the end of a path through x at t: (m, n)."""
    t = t.clamp(max=LATEST)[:, None]
    # −‖x − t x_i‖² / 2(1−t)² up to a term that is the same for all i, as one matrix product.
    logits = (t * (x @ data.T) - t.square() * data.square().sum(1) / 2) / (1 - t).square()
    return logits.softmax(1)


def velocity(x: Tensor, t: Tensor, data: Tensor) -> Tensor:
    """v(x, t) of the data (n, dim) at places x (m, dim) and times t (m,): (m, dim)."""
    return (expected(x, t, data, data) - x) / (1 - t.clamp(max=LATEST))[:, None]


def loss(data: Tensor, generator: Generator, n: int = 1024) -> float:
    """The flow-matching loss of the exact field of the data (len(data), dim), from n places on random paths.

    It is far from zero, since no field can tell which of the points that compete for a place a path came from. What
    remains is the variance of u_t = (x1 − x_t) / (1 − t) given x_t, which is known at every place, so that only places
    and times are left to chance; times are stratified. In float64: near t = 1, small variances are divided by small
    numbers.
    """
    data = data.double()
    x1 = data[torch.randint(len(data), (n,), generator=generator)]
    x0 = torch.randn(x1.shape, generator=generator, dtype=data.dtype)
    t = (torch.arange(n) + torch.rand(n, generator=generator, dtype=data.dtype)) / n
    x_t = (1 - t[:, None]) * x0 + t[:, None] * x1
    mean, mean_square = expected(x_t, t, data, torch.cat([data, data.square()], dim=1)).chunk(2, dim=1)
    variance = (mean_square - mean.square()).mean(1)
    return float((variance / (1 - t.clamp(max=LATEST)).square()).mean())
