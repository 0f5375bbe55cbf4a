"""An encoder, from an image to a few numbers, and its mirror image, a decoder or generator.

As in Radford, Metz, Chintala, *DCGAN*, ICLR 2016, arXiv 1511.06434, with strided convolutions instead of pooling, but
without batch normalisation: a mean of weights would need the statistics of a batch of its own, and a gradient penalty
those of each image. Layers grow by sub-pixel convolution (Shi et al., arXiv 1609.05158), which leaves no chessboard.
"""

import math
from collections.abc import Callable

from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle

from playground.networks.dense import ACTIVATIONS, mlp
from playground.networks.pixels import Shape, channels_of, coarsest, from_pixels, halvings, patch_of, to_pixels

Conv = Callable[..., nn.Module]
"""Makes a convolution from the arguments of nn.Conv2d."""


def halved(layer: Conv, inputs: int, outputs: int) -> nn.Module:
    """A convolution that halves the sides."""
    return layer(inputs, outputs, 4, stride=2, padding=1)


class Features(nn.Module):
    """Maps rows of images (…, together · dim) of a shape to features (…, size).

    channels: of the finest features; each halving of the sides doubles them. together: images that are seen at once.
    layer: the kind of convolution.
    """

    def __init__(self, shape: Shape, channels: int, activation: str, together: int = 1, layer: Conv = nn.Conv2d):
        super().__init__()
        self.shape, self.together = shape, together
        bend, levels, seen = ACTIVATIONS[activation], halvings(shape), together * channels_of(shape)
        first = layer(seen, channels, 3, padding=1) if patch_of(shape) == 1 else halved(layer, seen, channels)
        self.layers = nn.Sequential(first, bend())
        for width in (channels * 2**level for level in range(levels)):
            self.layers.extend([halved(layer, width, 2 * width), bend()])
        self.size = channels * 2**levels * math.prod(coarsest(shape))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(to_pixels(x, self.shape, self.together)).flatten(1).unflatten(0, x.shape[:-1])


class Decoder(nn.Module):
    """Maps numbers (…, inputs) to rows of images (…, dim) of a shape. channels: as of `Features`."""

    def __init__(self, inputs: int, shape: Shape, channels: int, activation: str = "silu"):
        super().__init__()
        self.bend, levels, self.patch = ACTIVATIONS[activation](), halvings(shape), patch_of(shape)
        self.sides, width = coarsest(shape), channels * 2**levels
        self.enter = mlp(inputs, width * math.prod(self.sides), width, 1, activation)
        widths = [channels * 2**level for level in reversed(range(levels))]
        self.grow = nn.ModuleList(nn.Conv2d(2 * width, 4 * width, 3, padding=1) for width in widths)
        self.leave = nn.Conv2d(channels, channels_of(shape) * self.patch**2, 3, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        h = self.bend(self.enter(z.reshape(-1, z.shape[-1]))).unflatten(1, (*self.sides, -1)).movedim(-1, 1)
        for layer in self.grow:
            h = self.bend(pixel_shuffle(layer(h), 2))
        return from_pixels(pixel_shuffle(self.leave(h), self.patch)).unflatten(0, z.shape[:-1])
