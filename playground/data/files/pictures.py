"""Points from a picture, with a density proportional to darkness."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageOps

from playground.data.canvas import FILL
from playground.data.errors import DataError

PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "GIF", ".bmp": "BMP"}
MAX_PIXELS = 16_000_000
"""Maximum number of pixels, according to the file's header: 64 MB when decoded."""

SIDE = 256
PICTURE_POINTS = 4_000
PAPER = 0.06
"""Darkness below this counts as white; it removes the grain of scanned paper and JPEG artefacts."""

INK = 0.25
"""Pixels of at least this darkness count where their surroundings are paper: a line that is thinner than a pixel of the
reduced picture."""

TOO_LARGE = f"The picture is too large; at most {MAX_PIXELS // 1_000_000} million pixels are possible."
NO_PICTURE = "This is not a picture that can be read (PNG, JPEG, WebP, GIF or BMP), or it is damaged."


def picture_points(content: bytes) -> NDArray[np.float64]:
    """Points (4,000, 2) in canvas coordinates, drawn with a fixed seed in proportion to each pixel's darkness.

    Transparency counts as white; an animation is represented by its first frame. The dark part keeps its aspect ratio,
    its longer side becomes ±FILL, and y points up. DataError for a file that isn't a picture, exceeds MAX_PIXELS or has
    no dark part.
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
    try:
        # Only these decoders are tried. Opening reads the header; nothing is decoded before the size is known.
        with Image.open(io.BytesIO(content), formats=sorted(set(PICTURES.values()))) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise DataError(TOO_LARGE)
            return _reduced(_ink(ImageOps.exif_transpose(picture)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DataError(TOO_LARGE) from None
    except DataError:
        raise
    except Exception:  # decoders raise many types of error for a damaged file
        raise DataError(NO_PICTURE) from None


def _ink(picture: Image.Image) -> Image.Image:
    """The darkness of a picture on white paper, in 0 … 255."""
    if picture.mode.startswith("I"):  # 16-bit grey, which convert() would clip at 255
        picture = Image.fromarray((np.asarray(picture, dtype=np.float64) / 257).clip(0, 255).astype(np.uint8))
    colours = picture.convert("RGBA")
    return ImageChops.multiply(ImageChops.invert(colours.convert("L")), colours.getchannel("A"))


def _reduced(ink: Image.Image) -> NDArray[np.float64]:
    """The darkness of a picture reduced to SIDE; where that is paper, the mean of its dark pixels alone."""
    lines = ink.point([value if value >= INK * 255 else 0 for value in range(256)])
    ink.thumbnail((SIDE, SIDE))
    lines = lines.convert("F").resize(ink.size, Image.Resampling.BOX)  # which rounds nothing to 0
    shade, line = (np.asarray(part, dtype=np.float64) / 255 for part in (ink, lines))
    return np.where(shade < PAPER, line, shade)
