"""Many small parameters as one: what moves them all costs one call instead of one for each layer.

In networks of a few thousand weights, an optimizer spends most of its time walking over its list of parameters. See
benchmarks/training.py for what laying them side by side is worth.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn


class Flat:
    """Parameters laid side by side in one tensor, and their gradients in another.

    parameters: as given; each is a view of `all` from now on, and its gradient a view of `all.grad`. What changes one
    side changes the other, so nothing needs to be copied to and fro. A parameter that is replaced (not: written to)
    is no longer part of it.
    """

    def __init__(self, parameters: Iterable[nn.Parameter]):
        self.parameters = list(parameters)
        sizes = [p.numel() for p in self.parameters]
        self.all = nn.Parameter(torch.cat([p.detach().flatten() for p in self.parameters]))
        self.all.grad = torch.zeros_like(self.all)
        for p, values, gradient in zip(
            self.parameters, self.all.detach().split(sizes), self.all.grad.split(sizes), strict=True
        ):
            p.data = values.view_as(p)
            p.grad = gradient.view_as(p)

    @property
    def gradient(self) -> Tensor:
        """Of all parameters, (numbers,)."""
        assert self.all.grad is not None
        return self.all.grad
