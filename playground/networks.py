"""The network architectures that all families share: small, fully connected, on points or flattened images."""

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "silu": nn.SiLU,
    "relu": nn.ReLU,
    "leaky": partial(nn.LeakyReLU, 0.01),
    "selu": nn.SELU,
    "tanh": nn.Tanh,
}


def mlp(inputs: int, outputs: int, width: int, depth: int, activation: str = "silu") -> nn.Sequential:
    """`depth` hidden layers of `width` units between `inputs` and `outputs` numbers; no activation at the end."""
    sizes = [inputs] + [width] * depth
    hidden = [layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), ACTIVATIONS[activation]())]
    return nn.Sequential(*hidden, nn.Linear(sizes[-1], outputs))


class TimeFeatures(nn.Module):
    """A time t in [0, 1], shape (n,), as (n, 1 + 2·frequencies): t itself, then sin πkt and cos πkt for k = 1, 2, …

    With t alone as input, a smooth network is slow to learn the dependence on time; in two dimensions, a few harmonics
    are enough (Tancik et al. 2020, arXiv 2006.10739, explain why).
    """

    frequencies: Tensor

    def __init__(self, frequencies: int):
        super().__init__()
        self.size = 1 + 2 * frequencies
        self.register_buffer("frequencies", math.pi * torch.arange(1, frequencies + 1), persistent=False)

    def forward(self, t: Tensor) -> Tensor:
        t = t[:, None]
        angles = t * self.frequencies
        return torch.cat([t, angles.sin(), angles.cos()], dim=1)


class TimeNetwork(nn.Module):
    """A network that maps points x (n, dim) and times t (n,) to outputs (n, dim)."""

    def __init__(self, dim: int, width: int, depth: int, frequencies: int, activation: str = "silu"):
        super().__init__()
        self.time = TimeFeatures(frequencies)
        self.body = mlp(dim + self.time.size, dim, width, depth, activation)

    def forward(self, x: Tensor, t: Tensor) -> Tensor:
        return self.body(torch.cat([x, self.time(t)], dim=1))
