"""Images as networks see them. Everywhere else an image is a row of numbers.

A convolution over few channels is up to twice as fast where the channels of a pixel lie side by side in memory (14 × 14
pixels, 32 channels, one thread: 7 ms instead of 11, forwards and backwards, for 64 images). So they do in our rows.
"""

import math

from torch import Tensor

Shape = tuple[int, ...]

FINEST = 14
"""Networks have features for each pixel, or, of images with longer sides, for each patch of 2 × 2: nearly all the time
would be spent on single pixels."""

COARSEST = 7
"""From there, sides are halved until none is longer: 8 pixels to 4, 16 to 8 and 4, 28 to 14 and 7."""


def dim_of(shape: Shape) -> int:
    """The numbers of a datum."""
    return math.prod(shape)


def channels_of(shape: Shape) -> int:
    """The channels of an image (height, width) or (height, width, channels)."""
    return shape[2] if len(shape) > 2 else 1


def to_pixels(x: Tensor, shape: Shape, together: int = 1) -> Tensor:
    """Rows (…, together · dim) as images (n, together · channels, height, width), channels last in memory."""
    height, width = shape[:2]
    images = x.reshape(-1, together, height, width, channels_of(shape))
    if together == 1:
        return images[:, 0].movedim(-1, 1)
    return images.movedim(1, -2).flatten(-2).movedim(-1, 1)


def from_pixels(images: Tensor) -> Tensor:
    """Images (n, channels, height, width) as rows (n, dim)."""
    return images.movedim(1, -1).flatten(1)


def patch_of(shape: Shape) -> int:
    """The side of the patches that networks have features for: 1 or 2."""
    even = shape[0] % 2 == shape[1] % 2 == 0
    return 2 if even and max(shape[:2]) > FINEST else 1


def halvings(shape: Shape) -> int:
    """How often the sides, in patches, can be halved until they are at most COARSEST, or odd."""
    height, width = (side // patch_of(shape) for side in shape[:2])
    found = 0
    while max(height, width) > COARSEST and height % 2 == width % 2 == 0:
        height, width, found = height // 2, width // 2, found + 1
    return found


def coarsest(shape: Shape) -> tuple[int, int]:
    """The sides after all halvings."""
    by = patch_of(shape) * 2 ** halvings(shape)
    return shape[0] // by, shape[1] // by
