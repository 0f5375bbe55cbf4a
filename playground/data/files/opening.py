"""Opens a picture that may be damaged, or made to do harm: its size is known before anything is decoded."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image

from playground.data.errors import DataError

PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".gif": "GIF", ".bmp": "BMP"}
MAX_PIXELS = 16_000_000
"""Maximum number of pixels, according to the file's header: 64 MB when decoded."""

NONE = "is not a picture that can be read (PNG, JPEG, WebP, GIF or BMP), or it is damaged"
LARGE = f"is too large; at most {MAX_PIXELS // 1_000_000} million pixels are possible"


class Unusable(DataError):
    """A file that can't be used. clause: what is wrong, without the sentence's subject and its full stop."""

    def __init__(self, clause: str, subject: str = "This file") -> None:
        super().__init__(f"{subject} {clause}.")
        self.clause = clause


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """The picture in a file, not yet decoded; of an animation, the first frame. Unusable, also from within the `with`,
    for a file that is no picture, is damaged, or has more than MAX_PIXELS."""
    try:
        # Only these decoders are tried. Opening reads the header.
        with Image.open(io.BytesIO(content), formats=sorted(set(PICTURES.values()))) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Unusable(LARGE, "The picture")
            yield picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unusable(LARGE, "The picture") from None
    except DataError:
        raise
    except Exception:  # decoders raise many types of error for a damaged file
        raise Unusable(NONE, "This") from None


def in_bytes(picture: Image.Image) -> Image.Image:
    """A picture with 8 bits for each channel: convert() would clip 16 bits of grey at 255."""
    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray((np.asarray(picture, dtype=np.float64) / 257).clip(0, 255).astype(np.uint8))
