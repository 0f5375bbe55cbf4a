"""Fully connected networks."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor, nn

from playground.networks.features import PlaceFeatures

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


class ConditionedMLP(nn.Module):
    """Maps points x (n, dim) and conditions (n, conditions) to points (n, dim). harmonics: whether it sees places as
    `PlaceFeatures`."""

    def __init__(self, dim: int, conditions: int, width: int, depth: int, harmonics: bool = True):
        super().__init__()
        self.place = PlaceFeatures(dim) if harmonics else None
        places = dim if self.place is None else self.place.size
        self.layers = mlp(places + conditions, dim, width, depth)

    def forward(self, x: Tensor, conditions: Tensor) -> Tensor:
        return self.layers(torch.cat([x if self.place is None else self.place(x), conditions], dim=1))
