"""A U-Net: from an image to an image of the same size, given conditions such as a time and a class.

Ronneberger, Fischer, Brox, *U-Net*, MICCAI 2015, arXiv 1505.04597; with residual blocks that conditions scale and
shift, as in Dhariwal & Nichol, *Diffusion Models Beat GANs*, NeurIPS 2021, arXiv 2105.05233. What is carried across is
added, not appended, and nothing is normalised: blocks begin as the identity instead (Zhang et al., *Fixup*, ICLR 2019,
arXiv 1901.09321), which is as stable in a net of this depth, and costs nothing. At the coarsest level there is
attention (Vaswani et al., arXiv 1706.03762), as in the network of Ho et al.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle, pixel_unshuffle, silu

from playground.networks.pixels import Shape, channels_of, coarsest, from_pixels, halvings, patch_of, to_pixels

EMBEDDING = 64
"""Numbers that tell each block the conditions."""


def zero(layer: nn.Module) -> None:
    """Let a layer answer zero until it has learned."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)


class Block(nn.Module):
    """Adds to features (n, channels, h, w) what two convolutions find, of which conditions (n, EMBEDDING) scale and
    shift the first."""

    def __init__(self, channels: int):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.condition = nn.Linear(EMBEDDING, 2 * channels)
        zero(self.second)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        scale, shift = self.condition(embedding)[:, :, None, None].chunk(2, dim=1)
        return x + self.second(silu(torch.addcmul(shift, self.first(silu(x)), 1 + scale)))


class Attention(nn.Module):
    """Adds to features (n, channels, h, w) what each place asks of all others. Convolutions see only neighbours:
    without this, an image is made of strokes that don't know of each other."""

    def __init__(self, channels: int, sides: tuple[int, int]):
        super().__init__()
        self.place = nn.Parameter(torch.empty(channels, *sides))  # convolutions don't know where they are
        nn.init.normal_(self.place, std=0.1)
        self.ask = nn.Conv2d(channels, 3 * channels, 1)
        self.answer = nn.Conv2d(channels, channels, 1)
        zero(self.answer)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.ask(x + self.place).flatten(2).unflatten(1, (3, -1)).unbind(1)
        weights = (query.mT @ key / query.shape[1] ** 0.5).softmax(dim=2)
        return x + self.answer((value @ weights.mT).unflatten(2, x.shape[2:]))


class UNet(nn.Module):
    """Maps images x (n, dim) of a shape and conditions (n, `conditions`) to images (n, dim).

    channels: of the finest features; each halving of the sides doubles them. At each level there is a block on the way
    down, and one on the way up; between those of the coarsest, attention.
    """

    def __init__(self, shape: Shape, conditions: int, channels: int):
        super().__init__()
        self.shape = shape
        self.patch = patch_of(shape)
        pixels = channels_of(shape) * self.patch**2
        widths = [channels * 2**level for level in range(halvings(shape) + 1)]
        self.embed = nn.Sequential(
            nn.Linear(conditions, EMBEDDING), nn.SiLU(), nn.Linear(EMBEDDING, EMBEDDING), nn.SiLU()
        )
        self.enter = nn.Conv2d(pixels, channels, 3, padding=1)
        self.down = nn.ModuleList(Block(width) for width in widths)
        self.shrink = nn.ModuleList(nn.Conv2d(width, 2 * width, 2, stride=2) for width in widths[:-1])
        self.attention = Attention(widths[-1], coarsest(shape))
        self.up = nn.ModuleList(Block(width) for width in widths)
        self.grow = nn.ModuleList(nn.Conv2d(2 * width, 4 * width, 1) for width in widths[:-1])
        self.leave = nn.Conv2d(channels, pixels, 3, padding=1)
        zero(self.leave)

    def forward(self, x: Tensor, conditions: Tensor) -> Tensor:
        embedding = self.embed(conditions)
        h = self.enter(pixel_unshuffle(to_pixels(x, self.shape), self.patch))
        carried = []
        for block, shrink in zip(self.down, self.shrink, strict=False):  # from the last level there is no way down
            carried.append(block(h, embedding))
            h = shrink(carried[-1])
        h = self.up[-1](self.attention(self.down[-1](h, embedding)), embedding)
        for block, grow in reversed(list(zip(self.up, self.grow, strict=False))):
            h = block(carried.pop() + pixel_shuffle(grow(h), 2), embedding)
        return from_pixels(pixel_shuffle(self.leave(silu(h)), self.patch))
