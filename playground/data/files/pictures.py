"""Points from a picture, with a density proportional to darkness."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageOps

from playground.data.canvas import FILL
from playground.data.errors import DataError
from playground.data.files.opening import in_bytes, opened

SIDE = 256
PICTURE_POINTS = 4_000
PAPER = 0.06
"""Darkness below this counts as white; it removes the grain of scanned paper and JPEG artefacts."""

INK = 0.25
"""Pixels of at least this darkness count where their surroundings are paper: a line that is thinner than a pixel of the
reduced picture."""


def picture_points(content: bytes) -> NDArray[np.float64]:
    """Points (4,000, 2) in canvas coordinates, drawn with a fixed seed in proportion to each pixel's darkness.

    Transparency counts as white; an animation is represented by its first frame. The dark part keeps its aspect ratio,
    its longer side becomes ±FILL, and y points up. DataError for a file that isn't a picture, is too large or has no
    dark part.
    """
    dark = _darkness(content)
    rows, columns = np.nonzero(dark)
    if not len(rows):
        raise DataError("The picture is all white; points come from its dark parts.")
    rng = np.random.default_rng(0)
    weights = dark[rows, columns]
    which = rng.choice(len(rows), size=PICTURE_POINTS, p=weights / weights.sum())
    pixels = np.stack([columns, -1 - rows], axis=1)  # lower left corners; y up
    low, high = pixels.min(axis=0), pixels.max(axis=0) + 1
    scale = 2 * FILL / (high - low).max()
    return (pixels[which] + rng.random((PICTURE_POINTS, 2)) - (low + high) / 2) * scale


def _darkness(content: bytes) -> NDArray[np.float64]:
    """Darkness of the pixels in [0, 1], rows from the top, at most SIDE × SIDE."""
    with opened(content) as picture:
        return _reduced(_ink(ImageOps.exif_transpose(picture)))


def _ink(picture: Image.Image) -> Image.Image:
    """The darkness of a picture on white paper, in 0 … 255."""
    colours = in_bytes(picture).convert("RGBA")
    return ImageChops.multiply(ImageChops.invert(colours.convert("L")), colours.getchannel("A"))


def _reduced(ink: Image.Image) -> NDArray[np.float64]:
    """The darkness of a picture reduced to SIDE; where that is paper, the mean of its dark pixels alone."""
    lines = ink.point([value if value >= INK * 255 else 0 for value in range(256)])
    ink.thumbnail((SIDE, SIDE))
    lines = lines.convert("F").resize(ink.size, Image.Resampling.BOX)  # which rounds nothing to 0
    shade, line = (np.asarray(part, dtype=np.float64) / 255 for part in (ink, lines))
    return np.where(shade < PAPER, line, shade)
