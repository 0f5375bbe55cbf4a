"""Points from a picture: the darker a place, the more points lie there."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from playground.data.canvas import FILL
from playground.data.errors import DataError

PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "GIF", ".bmp": "BMP"}
MAX_PIXELS = 16_000_000
"""Of a picture as the file's header announces it: 64 MB once decoded."""

SIDE = 256
PICTURE_POINTS = 4_000
PAPER = 0.06
"""Darkness below this counts as white: the grain of scanned paper and of JPEG."""


def picture_points(path: str | Path) -> NDArray[np.float64]:
    """Points (4,000, 2) in the page's square, drawn with a fixed seed in proportion to each pixel's darkness.

    Transparency counts as white; of an animation the first picture is taken. The dark part keeps its proportions,
    its longer side becomes ±FILL, y points up. DataError for anything but a picture of at most MAX_PIXELS that has
    a dark part.
    """
    dark = _darkness(path)
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


def _darkness(path: str | Path) -> NDArray[np.float64]:
    """Darkness in [0, 1] of the pixels, rows from the top, at most SIDE × SIDE."""
    try:
        # only these decoders are tried; opening reads the header, and nothing is decoded before the size is known
        with Image.open(path, formats=sorted(set(PICTURES.values()))) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise DataError(
                    f"The picture is too large; at most {MAX_PIXELS // 1_000_000} million pixels are possible."
                )
            if picture.mode.startswith("I"):  # 16 bits of grey, which convert() would cut off at 255
                whole = Image.fromarray((np.asarray(picture, dtype=np.float64) / 257).clip(0, 255).astype(np.uint8))
            else:
                picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # lets a JPEG be decoded at a fraction of its size
                whole = picture
            small = whole.convert("RGBA")
            small.thumbnail((SIDE, SIDE))
            small = ImageOps.exif_transpose(small)
            page = Image.new("RGBA", small.size, "white")
            grey = np.asarray(Image.alpha_composite(page, small).convert("L"), dtype=np.float64) / 255
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DataError(
            f"The picture is too large; at most {MAX_PIXELS // 1_000_000} million pixels are possible."
        ) from None
    except DataError:
        raise
    except Exception:  # a decoder raises whatever it stumbles over in a damaged file
        raise DataError("This is not a picture that can be read, or it is damaged.") from None
    darkness = 1 - grey
    return np.where(darkness < PAPER, 0.0, darkness)
