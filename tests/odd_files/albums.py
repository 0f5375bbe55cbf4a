"""Pictures that visitors bring along: zips and several files, each with what must come of it."""

import io
import struct
import zipfile
from typing import NamedTuple

import numpy as np
from PIL import Image

from odd_files.outcome import Refusal
from odd_files.pictures import png, saved

Files = list[tuple[str, bytes]]


class Images(NamedTuple):
    """n: how many are read. names: those of the classes. said: what is said of them besides their number."""

    n: int
    names: tuple[str, ...] | None = None
    said: str = ""


class Case(NamedTuple):
    files: Files
    outcome: Images | Refusal


def picture(seed: int = 0, kind: str = "PNG", mode: str = "RGB") -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    return saved(Image.fromarray(pixels).convert(mode), kind)


def pictures(n: int = 20, folder: str = "", ending: str = "png") -> Files:
    kind = {"jpg": "JPEG", "JPG": "JPEG"}.get(ending, ending.upper())
    return [(f"{folder}{i}.{ending}", picture(i, kind)) for i in range(n)]


def zipped(files: Files, name: str = "pictures.zip", method: int = zipfile.ZIP_DEFLATED) -> Files:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for path, body in files:
            archive.writestr(zipfile.ZipInfo(path), body, method)
    return [(name, content.getvalue())]


def changed(files: Files, was: bytes, now: bytes, times: int = -1) -> Files:
    """The only file, with some of its bytes changed."""
    [(name, content)] = files
    assert was in content
    return [(name, content.replace(was, now, times))]


def locked(files: Files) -> Files:
    """A zip whose table says that all files are encrypted."""
    [(name, content)] = files
    entries = content.split(b"PK\x01\x02")
    return [(name, b"PK\x01\x02".join([entries[0], *(e[:4] + b"\x01\x00" + e[6:] for e in entries[1:])]))]


def left_out(name: str, clause: str, n: int = 1) -> str:
    return (
        f"1 file was left out: “{name}” {clause}."
        if n == 1
        else f"{n} files were left out: the first, “{name}”, {clause}."
    )


NO_PICTURE = "is not a picture that can be read (PNG, JPEG, WebP, GIF or BMP), or it is damaged"
NONE = Refusal("There are no pictures; at least 20 are needed.")
DAMAGED = Refusal("not a zip file, or it is damaged")
TWENTY = pictures()
BOMB = png(4001, 4001)
FOLDERS = pictures(11, "pets/cats/") + pictures(9, "pets/dogs/")


def beside(*more: tuple[str, bytes]) -> Files:
    return zipped([*TWENTY, *more])


USABLE = {
    "twenty pictures": Case(TWENTY, Images(20)),
    **{f"{ending} files": Case(pictures(20, "", ending), Images(20)) for ending in ("JPG", "webp", "gif", "bmp")},
    "a zip": Case(zipped(TWENTY), Images(20)),
    "a zip that isn't packed": Case(zipped(TWENTY, method=zipfile.ZIP_STORED), Images(20)),
    "a zip in capitals": Case(zipped(TWENTY, "A.ZIP"), Images(20)),
    "a zip and pictures": Case(zipped(TWENTY) + pictures(3), Images(23)),
    "folders are classes": Case(zipped(FOLDERS), Images(20, ("cats", "dogs"))),
    "folders of files": Case(FOLDERS, Images(20, ("cats", "dogs"))),
    "folders of Windows": Case([(n.replace("/", "\\"), c) for n, c in FOLDERS], Images(20, ("cats", "dogs"))),
    "folders in folders": Case(zipped(pictures(10, "a/x/1/") + pictures(10, "a/y/2/")), Images(20, ("x", "y"))),
    "one folder is no class": Case(zipped(pictures(20, "a/b/")), Images(20)),
    "pictures beside a folder": Case(zipped(pictures(10) + pictures(10, "cats/")), Images(20, ("(none)", "cats"))),
    "numbers in order": Case(
        zipped(pictures(10, "10/") + pictures(5, "9/") + pictures(5, "2/")), Images(20, ("2", "9", "10"))
    ),
    "a long and odd name": Case(
        zipped(pictures(10, "\u202e<b>" + "x" * 100 + "/") + pictures(10, "b/")),
        Images(20, ("b", "?<b>" + "x" * 19 + "…")),
    ),
    "what systems add": Case(
        beside(("__MACOSX/._a.png", b"x"), (".DS_Store", b"x"), ("Thumbs.db", b"x"), ("a/._1.png", b"x"), ("d/", b"")),
        Images(20),
    ),
    "text among them": Case(beside(("readme.txt", b"hello")), Images(20, None, left_out("readme.txt", NO_PICTURE))),
    "a damaged one": Case(beside(("a/b.png", b"\x89PNG")), Images(20, None, left_out("b.png", NO_PICTURE))),
    "a picture that ends": Case(
        beside(("half.png", picture()[:200])), Images(20, None, left_out("half.png", NO_PICTURE))
    ),
    "two that are wrong": Case(
        beside(("a.png", b""), ("b.svg", b"<svg/>")), Images(20, None, left_out("b.svg", NO_PICTURE, 2))
    ),
    "a bomb of pixels": Case(
        beside(("a.png", BOMB)),
        Images(20, None, left_out("a.png", "is too large; at most 16 million pixels are possible")),
    ),
    "a bomb of zeros": Case(
        beside(("a.png", bytes(20_000_001))), Images(20, None, left_out("a.png", "unpacks to more than 20 MB"))
    ),
    "a way out of the zip": Case(
        beside(("../../a.png", picture())), Images(20, None, left_out("a.png", "has a name that leads out of the zip"))
    ),
    "a way out by the root": Case(
        beside(("/etc/a.png", picture())), Images(20, None, left_out("a.png", "has a name that leads out of the zip"))
    ),
    "a way out of Windows": Case(
        beside(("C:\\a.png", picture())), Images(20, None, left_out("a.png", "has a name that leads out of the zip"))
    ),
    "a zip in the zip": Case(
        beside(("more.zip", zipped(TWENTY)[0][1])), Images(20, None, left_out("more.zip", "is a zip in the zip"))
    ),
    "a TIFF by a wrong name": Case(
        beside(("a.png", saved(Image.new("L", (9, 9)), "TIFF"))), Images(20, None, left_out("a.png", NO_PICTURE))
    ),
    "an odd name": Case(
        beside(("\u202e\n" + "x" * 90 + ".txt", b"")), Images(20, None, left_out("??" + "x" * 38, NO_PICTURE))
    ),
    "a file by the name of another": Case(
        changed(zipped([*TWENTY, ("aa.png", picture())]), b"aa.png", b"bb.png", 1),
        Images(20, None, left_out("aa.png", "is damaged")),
    ),
}

UNUSABLE = {
    "no zip": Case([("a.zip", b"hello")], DAMAGED),
    "an empty zip file": Case([("a.zip", b"")], DAMAGED),
    "a zip of nothing": Case(zipped([]), NONE),
    "half a zip": Case([("a.zip", zipped(TWENTY)[0][1][:5000])], DAMAGED),
    "nineteen pictures": Case(pictures(19), Refusal("There are 19 pictures; at least 20 are needed.")),
    "one picture in a zip": Case(zipped(pictures(1)), Refusal("There is 1 picture; at least 20 are needed.")),
    "text in a zip": Case(
        zipped([("a.txt", b"x")] * 1),
        Refusal(f"no pictures; at least 20 are needed. 1 file was left out: “a.txt” {NO_PICTURE}"),
    ),
    "the same twenty times": Case(
        [(f"{i}.png", picture()) for i in range(20)], Refusal("The pictures are all the same.")
    ),
    "eleven folders": Case(
        zipped([file for i in range(11) for file in pictures(2, f"{i}/")]),
        Refusal("in 11 folders; at most 10 classes are possible"),
    ),
    "locked": Case(locked(zipped(TWENTY)), Refusal("“0.png”, is locked by a password")),
    "packed in another way": Case(
        zipped(TWENTY, method=zipfile.ZIP_LZMA), Refusal("“0.png”, is packed in a way that can't be read")
    ),
    "more files than can be": Case([("a.zip", b"PK\x01\x02" * 20_001)], Refusal("more than 20,000 files in this zip")),
    "a table that is elsewhere": Case(
        [("a.zip", b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, 414, 2**31, 0))], DAMAGED
    ),
    "a bomb of bombs": Case(
        zipped([(f"{i}.png", bytes(19_000_000)) for i in range(11)]), Refusal("unpack to more than 200 MB")
    ),
}

ALBUMS = USABLE | UNUSABLE
