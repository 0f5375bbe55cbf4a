"""A U-Net: from an image to an image of the same size, given conditions such as a time and a class.

Ronneberger, Fischer, Brox, *U-Net*, MICCAI 2015, arXiv 1505.04597; with residual blocks that conditions scale and shift,
as in Dhariwal & Nichol, *Diffusion Models Beat GANs*, NeurIPS 2021, arXiv 2105.05233. What is carried across is added,
not appended, and nothing is normalised: blocks begin as the identity instead (Zhang et al., *Fixup*, ICLR 2019, arXiv
1901.09321), which is as stable in a net of this depth, and costs nothing.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle, pixel_unshuffle, silu

from playground.networks.pixels import Shape, channels_of, from_pixels, halvings, to_pixels

EMBEDDING = 64
"""Numbers that tell each block the conditions."""

FINE = 8
"""The most pixels along a side on which there are blocks. Larger images are taken in patches of 2 × 2: nearly all the
time would be spent on their single pixels."""


class Block(nn.Module):
    """Adds to features (n, channels, h, w) what two convolutions find, of which conditions (n, EMBEDDING) scale and
    shift the first."""

    def __init__(self, channels: int):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.condition = nn.Linear(EMBEDDING, 2 * channels)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        scale, shift = self.condition(embedding)[:, :, None, None].chunk(2, dim=1)
        return x + self.second(silu(torch.addcmul(shift, self.first(silu(x)), 1 + scale)))


class UNet(nn.Module):
    """Maps images x (n, dim) of a shape and conditions (n, `conditions`) to images (n, dim).

    channels: of the finest features; each halving of the sides doubles them. depth: the number of blocks at each level.
    """

    def __init__(self, shape: Shape, conditions: int, channels: int, depth: int = 1):
        super().__init__()
        self.shape = shape
        levels = halvings(shape)
        self.patch = 2 if levels and max(shape[:2]) > FINE else 1
        levels -= self.patch - 1
        pixels = channels_of(shape) * self.patch**2
        widths = [channels * 2**level for level in range(levels + 1)]
        self.embed = nn.Sequential(
            nn.Linear(conditions, EMBEDDING), nn.SiLU(), nn.Linear(EMBEDDING, EMBEDDING), nn.SiLU()
        )
        self.enter = nn.Conv2d(pixels, channels, 3, padding=1)
        self.down = nn.ModuleList(nn.ModuleList(Block(width) for _ in range(depth)) for width in widths)
        self.shrink = nn.ModuleList(nn.Conv2d(width, 2 * width, 2, stride=2) for width in widths[:-1])
        self.up = nn.ModuleList(nn.ModuleList(Block(width) for _ in range(depth)) for width in widths)
        self.grow = nn.ModuleList(nn.Conv2d(2 * width, 4 * width, 1) for width in widths[:-1])
        self.leave = nn.Conv2d(channels, pixels, 3, padding=1)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, x: Tensor, conditions: Tensor) -> Tensor:
        embedding = self.embed(conditions)
        h = self.enter(pixel_unshuffle(to_pixels(x, self.shape), self.patch))
        carried = []
        for level, blocks in enumerate(self.down):
            for block in blocks:
                h = block(h, embedding)
            if level < len(self.shrink):
                carried.append(h)
                h = self.shrink[level](h)
        for level in reversed(range(len(self.up))):
            if level < len(self.grow):
                h = carried[level] + pixel_shuffle(self.grow[level](h), 2)
            for block in self.up[level]:
                h = block(h, embedding)
        return from_pixels(pixel_shuffle(self.leave(silu(h)), self.patch))
