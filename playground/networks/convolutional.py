"""An encoder, from an image to a few numbers, and its mirror image, a decoder or generator.

As in Radford, Metz, Chintala, *DCGAN*, ICLR 2016, arXiv 1511.06434, with strided convolutions instead of pooling, but
without batch normalisation: a mean of weights would need the statistics of a batch of its own, and a gradient penalty
those of each image. Layers grow by sub-pixel convolution (Shi et al., arXiv 1609.05158), which leaves no chessboard.
"""

import math
from collections.abc import Callable

from torch import Tensor, nn

from playground.networks.dense import ACTIVATIONS, mlp
from playground.networks.pixels import Shape, channels_of, from_pixels, halvings, to_pixels

Conv = Callable[..., nn.Module]
"""Makes a convolution from the arguments of nn.Conv2d."""


class Features(nn.Module):
    """Maps rows of images (…, together · dim) of a shape to features (…, size).

    channels: of the finest features; each halving of the sides doubles them. together: images that are seen at once.
    layer: the kind of convolution.
    """

    def __init__(self, shape: Shape, channels: int, activation: str, together: int = 1, layer: Conv = nn.Conv2d):
        super().__init__()
        self.shape, self.together = shape, together
        bend, levels = ACTIVATIONS[activation], halvings(shape)
        self.layers = nn.Sequential(layer(together * channels_of(shape), channels, 3, padding=1), bend())
        for width in (channels * 2**level for level in range(levels)):
            self.layers.extend([layer(width, 2 * width, 4, stride=2, padding=1), bend()])
        self.size = channels * 2**levels * (shape[0] >> levels) * (shape[1] >> levels)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(to_pixels(x, self.shape, self.together)).flatten(1).unflatten(0, x.shape[:-1])


class Decoder(nn.Module):
    """Maps numbers (…, inputs) to rows of images (…, dim) of a shape. channels: as of `Features`."""

    def __init__(self, inputs: int, shape: Shape, channels: int, activation: str = "silu"):
        super().__init__()
        bend, levels = ACTIVATIONS[activation], halvings(shape)
        self.bend = bend()
        self.sides = shape[0] >> levels, shape[1] >> levels
        width = channels * 2**levels
        self.enter = mlp(inputs, width * math.prod(self.sides), 2 * width, 1, activation)
        self.grow = nn.ModuleList()
        for _ in range(levels):
            self.grow.append(nn.Sequential(nn.Conv2d(width, 2 * width, 3, padding=1), nn.PixelShuffle(2), bend()))
            width //= 2
        self.leave = nn.Conv2d(width, channels_of(shape), 3, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        h = self.bend(self.enter(z.reshape(-1, z.shape[-1]))).unflatten(1, (*self.sides, -1)).movedim(-1, 1)
        for layer in self.grow:
            h = layer(h)
        return from_pixels(self.leave(h)).unflatten(0, z.shape[:-1])
