"""Pictures that are refused; tests/data/files/test_pictures.py has the others."""

import io
import pickle
import struct
import zlib

from PIL import Image

from odd_files.arrays import Bomb
from odd_files.outcome import Case, Refusal


def png(width: int, height: int, content: bytes = b"") -> bytes:
    """A picture of one bit a pixel, as its header says; the content may be less."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(content)) + chunk(b"IEND", b"")


def saved(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


NONE = Refusal("not a picture that can be read (PNG, JPEG, WebP, GIF or BMP)")
TOO_LARGE = Refusal("too large; at most 16 million pixels")
WHITE = Refusal("all white")
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"

PICTURES = {
    "an empty picture file": Case("a.png", b"", NONE),
    "the beginning of a picture": Case("a.png", b"\x89PNG\r\n\x1a\n", NONE),
    "a picture that ends": Case("a.png", png(100, 100, b"short"), NONE),
    "a JPEG of nothing": Case("a.jpg", b"\xff\xd8\xff\xe0" + bytes(100), NONE),
    "a GIF of nothing": Case("a.gif", b"GIF89a" + bytes(3), NONE),
    "a WebP of nothing": Case("a.webp", b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(30), NONE),
    "a BMP of nothing": Case("a.bmp", b"BM" + bytes(60), NONE),
    "PostScript": Case("a.png", POSTSCRIPT, NONE),
    "a TIFF by a wrong name": Case("a.png", saved(Image.new("L", (9, 9)), "TIFF"), NONE),
    "a pickle by a wrong name": Case("a.png", pickle.dumps(Bomb()), NONE),
    "text by a wrong name": Case("a.png", b"1,2\n3,4\n", NONE),
    "a picture of another kind": Case("a.svg", b"<svg/>", Refusal("or as a picture (.png, .jpg, .webp, .gif, .bmp)")),
    "white": Case("a.png", saved(Image.new("L", (50, 50), 255)), WHITE),
    "scanned paper": Case("a.png", saved(Image.new("L", (50, 50), 245)), WHITE),
    "black that can't be seen": Case("a.png", saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0))), WHITE),
    **{
        f"a bomb of {side} pixels": Case("bomb.png", png(side, side), TOO_LARGE)
        for side in (4001, 10_000, 30_000, 2**31 - 1)
    },
    "a bomb that goes off": Case("bomb.png", png(4001, 4001, bytes(4001 * 501)), TOO_LARGE),
}
