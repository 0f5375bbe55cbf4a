"""The discriminator's network, and what is built into it against collapse.

Spectral normalisation: Miyato et al., ICLR 2018, arXiv 1802.05957. Mini-batch statistics: Karras et al., *Progressive
Growing of GANs*, ICLR 2018, arXiv 1710.10196, section 3, after Salimans et al., arXiv 1606.03498. Packing: Lin et al.,
*PacGAN*, NeurIPS 2018, arXiv 1712.04086.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, normalize

from playground.networks import ACTIVATIONS

BEND = "leaky"
"""Both networks bend at leaky rectifiers: a discriminator that is flat somewhere teaches nothing there. They leak
little, for a sharp bend makes sharp edges: on PacGAN's grid 97% of the samples are on a mode with a slope of .01 on the
lower side, and 92% with .2, otherwise the same."""

MEMORY = 0.99
"""Of the usual spread of a batch."""


def pack(x: Tensor, size: int) -> Tensor:
    """Points (n, dim) as packs (n // size, size · dim) that are judged together; points left over are dropped."""
    n, dim = x.shape
    return x[: n - n % size].reshape(-1, size * dim)


class SpectralLinear(nn.Linear):
    """A linear layer whose weight is divided by its largest singular value, found by power iteration: one a step, as
    the weight moves slowly (Miyato et al., algorithm 1)."""

    left: Tensor

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs)
        self.register_buffer("left", normalize(torch.ones(outputs), dim=0))
        self.follow(20)

    @torch.no_grad()
    def follow(self, iterations: int = 1) -> None:
        """Let the singular vector follow the weight. Once a step, and never when somebody only looks."""
        for _ in range(iterations):
            self.left.copy_(normalize(self.weight @ self._right(), dim=0))

    def _right(self) -> Tensor:
        return normalize(self.weight.detach().T @ self.left, dim=0)

    def forward(self, x: Tensor) -> Tensor:
        return linear(x, self.weight / torch.dot(self.left, self.weight @ self._right()), self.bias)


class Discriminator(nn.Module):
    """Points or packs (n, inputs) to logits (n,).

    With statistics, the last hidden layer also sees how widely the batch is spread: the mean standard deviation, over
    the batch, of the features before it. A generator that repeats itself betrays itself there.
    """

    usual: Tensor

    def __init__(self, inputs: int, width: int, depth: int, spectral: bool = False, statistics: bool = False):
        super().__init__()
        self.statistics = statistics
        layer = SpectralLinear if spectral else nn.Linear
        sizes = [inputs] + [width] * (depth - 1)
        self.features = nn.Sequential(
            *(part for a, b in pairwise(sizes) for part in (layer(a, b), ACTIVATIONS[BEND]()))
        )
        self.head = nn.Sequential(layer(sizes[-1] + statistics, width), ACTIVATIONS[BEND](), layer(width, 1))
        self.register_buffer("usual", torch.zeros(()))

    def forward(self, x: Tensor, alone: bool = False) -> Tensor:
        """alone: judge each row as if it stood in a batch of the usual spread, whatever the others are."""
        h = self.features(x)
        if self.statistics:
            spread = self.usual if alone else self._spread(h)
            h = torch.cat([h, spread.expand(len(h), 1)], dim=1)
        return self.head(h).squeeze(1)

    @staticmethod
    def _spread(h: Tensor) -> Tensor:
        return (h.var(0, unbiased=False) + 1e-8).sqrt().mean()

    @torch.no_grad()
    def follow(self, x: Tensor) -> None:
        """Keep up, once a step, with the weights' norms and the usual spread of batches like x (n, inputs)."""
        for layer in self.modules():
            if isinstance(layer, SpectralLinear):
                layer.follow()
        if self.statistics:
            self.usual.lerp_(self._spread(self.features(x)), 1.0 if self.usual == 0 else 1 - MEMORY)
