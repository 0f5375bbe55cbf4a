"""The discriminator's network and its measures against collapse.

Spectral normalisation: Miyato et al., ICLR 2018, arXiv 1802.05957. Mini-batch statistics: Karras et al., *Progressive
Growing of GANs*, ICLR 2018, arXiv 1710.10196, section 3, after Salimans et al., arXiv 1606.03498. Packing: Lin et al.,
*PacGAN*, NeurIPS 2018, arXiv 1712.04086.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, normalize

from playground.networks import ACTIVATIONS, Settings, Shape, convolutional, features

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


class Spectral(nn.Module):
    """A layer whose weight, as a matrix (outputs, …), is divided by its largest singular value, found by power
    iteration. One iteration per step is enough, because the weight changes slowly (Miyato et al., algorithm 1)."""

    left: Tensor
    weight: Tensor

    def _begin(self) -> None:
        self.register_buffer("left", normalize(torch.ones(len(self.weight)), dim=0))
        self.follow(20)

    @torch.no_grad()
    def follow(self, iterations: int = 1) -> None:
        """Update the singular vector by power iteration. Called once per training step, never in evaluation."""
        for _ in range(iterations):
            self.left.copy_(normalize(self.weight.flatten(1) @ self._right(), dim=0))

    def _right(self) -> Tensor:
        return normalize(self.weight.detach().flatten(1).T @ self.left, dim=0)

    def _normalised(self) -> Tensor:
        return self.weight / torch.dot(self.left, self.weight.flatten(1) @ self._right())


class SpectralLinear(Spectral, nn.Linear):
    def __init__(self, inputs: int, outputs: int):
        nn.Linear.__init__(self, inputs, outputs)
        self._begin()

    def forward(self, x: Tensor) -> Tensor:
        return linear(x, self._normalised(), self.bias)


class SpectralConv2d(Spectral, nn.Conv2d):
    def __init__(self, inputs: int, outputs: int, size: int, stride: int = 1, padding: int = 0):
        nn.Conv2d.__init__(self, inputs, outputs, size, stride=stride, padding=padding)
        self._begin()

    def forward(self, x: Tensor) -> Tensor:
        return self._conv_forward(x, self._normalised(), self.bias)


class Discriminator(nn.Module):
    """Maps data, or packs (n, packing · dim) of them, to logits (n,).

    With statistics, the last hidden layer has an additional input, the spread of the batch: the mean over features of
    their standard deviation over the batch. It reveals a generator whose samples lack diversity.
    """

    usual: Tensor

    def __init__(
        self, settings: Settings, shape: Shape, packing: int = 1, spectral: bool = False, statistics: bool = False
    ):
        super().__init__()
        self.statistics = statistics
        layer, conv = (SpectralLinear, SpectralConv2d) if spectral else (nn.Linear, nn.Conv2d)
        self.features, size = features(settings, shape, BEND, packing, layer, conv)
        width = 2 * settings.channels if convolutional(settings, shape) else settings.width
        self.head = nn.Sequential(layer(size + statistics, width), ACTIVATIONS[BEND](), layer(width, 1))
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
            if isinstance(layer, Spectral):
                layer.follow()
        if self.statistics:
            self.usual.lerp_(self._spread(self.features(x)), torch.where(self.usual == 0, 1.0, 1 - MEMORY))
