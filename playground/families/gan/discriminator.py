"""The discriminator's network and its measures against collapse.

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
"""Activation of both networks, a leaky ReLU: where a discriminator is flat, the generator gets no gradient. The
negative slope is small, because a sharp kink gives sharp edges: on PacGAN's grid, 97% of the samples are on a mode with
a slope of .01, and 92% with .2, all else equal."""

MEMORY = 0.99
"""Decay rate of the running average of a batch's spread."""


def pack(x: Tensor, size: int) -> Tensor:
    """Group points (n, dim) into packs (n // size, size · dim) that are judged together; the remainder is dropped."""
    n, dim = x.shape
    return x[: n - n % size].reshape(-1, size * dim)


class SpectralLinear(nn.Linear):
    """A linear layer whose weight is divided by its largest singular value, found by power iteration. One iteration per
    step is enough, because the weight changes slowly (Miyato et al., algorithm 1)."""

    left: Tensor

    def __init__(self, inputs: int, outputs: int):
        super().__init__(inputs, outputs)
        self.register_buffer("left", normalize(torch.ones(outputs), dim=0))
        self.follow(20)

    @torch.no_grad()
    def follow(self, iterations: int = 1) -> None:
        """Update the singular vector by power iteration. Called once per training step, never in evaluation."""
        for _ in range(iterations):
            self.left.copy_(normalize(self.weight @ self._right(), dim=0))

    def _right(self) -> Tensor:
        return normalize(self.weight.detach().T @ self.left, dim=0)

    def forward(self, x: Tensor) -> Tensor:
        return linear(x, self.weight / torch.dot(self.left, self.weight @ self._right()), self.bias)


class Discriminator(nn.Module):
    """Maps points or packs (n, inputs) to logits (n,).

    With statistics, the last hidden layer has an additional input, the spread of the batch: the mean over features of
    their standard deviation over the batch. It reveals a generator whose samples lack diversity.
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
        """alone: judge each row independently of the others, with the running average of the spread."""
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
        """Update the singular vectors and the running average of the spread from a batch x (n, inputs). Called once per
        step."""
        for layer in self.modules():
            if isinstance(layer, SpectralLinear):
                layer.follow()
        if self.statistics:
            self.usual.lerp_(self._spread(self.features(x)), torch.where(self.usual == 0, 1.0, 1 - MEMORY))
