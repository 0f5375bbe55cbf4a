"""Images from the pictures that a visitor uploads: several files, or a zip whose folders are classes.

Each picture is cropped to a square in its middle and reduced: a pixel is the mean of what it covers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from pydantic import ValidationError

from playground.data.drawings import MAX_CLASSES
from playground.data.errors import DataError, quoted
from playground.data.files.archives import File, files_in, is_aside
from playground.data.files.classes import name_of, order_of
from playground.data.files.opening import MAX_PIXELS, NONE, PICTURES, Unusable, in_bytes, opened
from playground.data.images.pictures import FEWEST, Pictures

MOST = 2_000
"""Most pictures that are read."""

SIDES = (8, 16, 28)
"""Pixels along each side, one of which the visitor chooses."""

USUAL_SIDE = 16

MAX_UNPACKED = 200_000_000
"""Maximum number of bytes of all pictures together."""

MAX_DECODED = 25 * MAX_PIXELS
"""Maximum number of pixels of all pictures together: some seconds."""

QUICKER = 4
"""How much quicker a JPEG is decoded at a fraction of its size, at least."""

LOUD = 12.0
"""Mean difference of an image's largest and smallest channel, of 255, from which a set counts as coloured."""

Small = NDArray[np.uint8]


@dataclass(frozen=True)
class Album:
    """What was read of the pictures. note: plain sentences that say what was read and what was left out; they may hold
    words of the files."""

    pictures: Pictures
    note: str


@dataclass
class _Reader:
    """What is read file by file. left_out: the names of files that can't be used, each with what is wrong.
    unpacked, decoded: the bytes and the pixels of all that was read."""

    side: int
    images: list[Small] = field(default_factory=list)
    paths: list[PurePosixPath] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    unpacked: int = 0
    decoded: int = 0

    def take(self, file: File) -> None:
        name, read = file
        try:
            image = self._small(read())
        except Unusable as wrong:
            self.left_out.append((name, wrong.clause))
            return
        self.images.append(image)
        self.paths.append(_path(name))

    def _small(self, content: bytes) -> Small:
        """A picture as bytes (side, side, 3), upright, on white."""
        self.unpacked += len(content)
        if self.unpacked > MAX_UNPACKED:
            raise DataError(f"These pictures unpack to more than {MAX_UNPACKED // 1_000_000} MB.")
        with opened(content) as picture:
            whole = picture.width * picture.height
            picture.draft(None, (4 * self.side, 4 * self.side))  # of a JPEG
            self.decoded += max(picture.width * picture.height, whole // QUICKER)
            if self.decoded > MAX_DECODED:
                raise DataError(f"These pictures have more than {MAX_DECODED // 1_000_000} million pixels in all.")
            shown = ImageOps.exif_transpose(picture)
            short = min(shown.size)
            left, top = (shown.width - short) // 2, (shown.height - short) // 2
            square = in_bytes(shown.crop((left, top, left + short, top + short)))
            if square.has_transparency_data:
                paper = Image.new("RGBA", square.size, "white")
                square = Image.alpha_composite(paper, square.convert("RGBA"))
            return np.asarray(square.convert("RGB").resize((self.side, self.side), Image.Resampling.BOX))


def read_album(files: Sequence[tuple[str, bytes]], side: int = USUAL_SIDE, colour: bool | None = None) -> Album:
    """The images in pictures and zips. DataError, with one sentence, if they can't be used.

    files: names, with folders if there are any, and contents. side: one of SIDES. colour: whether they keep their
    colours; None decides by what they are. Grey images are ink on paper, which is whatever most of the edges are.
    """
    if side not in SIDES:
        raise DataError(f"Images are brought to {', '.join(map(str, SIDES[:-1]))} or {SIDES[-1]} pixels.")
    read, found = _Reader(side), []
    for file in _unpacked(files):
        ending = _path(file[0]).suffix.lower()
        if ending in PICTURES:
            found.append(file)
        else:
            read.left_out.append((file[0], "is a zip in the zip" if ending == ".zip" else NONE))
    kept = np.arange(len(found))
    if len(found) > MOST:
        kept = np.sort(np.random.default_rng(0).choice(len(found), MOST, replace=False))
    for i in kept:
        read.take(found[i])
    n = len(read.images)
    if n < FEWEST:
        raise DataError(f"{_counted(n)}; at least {FEWEST} are needed. {_left_out(read.left_out)}".rstrip())
    images = np.stack(read.images)
    labels, names = _classes(read.paths)
    remarks = [_left_out(read.left_out)]
    if colour is None:
        colour = float(np.ptp(images, axis=3).mean()) > LOUD
    if not colour:
        images, remark = _ink(images)
        remarks.append(remark)
    in_classes = f" in {len(names)} classes" if names else ""
    said = f"Read {n:,} pictures{in_classes}; a fifth is held out."
    if len(found) > MOST:
        said = f"Read {n:,} of {len(found):,} pictures{in_classes}, chosen at random; a fifth is held out."
    try:
        pictures = Pictures(images=images, labels=labels, names=names)
    except ValidationError as error:
        raise DataError(error.errors()[0]["msg"].replace("The images", "The pictures")) from None
    return Album(pictures, " ".join(filter(None, [said, *remarks])))


def _unpacked(files: Sequence[tuple[str, bytes]]) -> Iterator[File]:
    """All files, those of a zip in its place."""
    for name, content in files:
        if _path(name).suffix.lower() == ".zip":
            yield from files_in(content)
        elif not is_aside(name):
            yield name, partial(bytes, content)


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def _ink(images: Small) -> tuple[Small, str]:
    """Coloured images (n, s, s, 3) as ink (n, s, s), and which it is: dark, or light where most edges are dark."""
    weights = np.array([299, 587, 114])  # of ITU-R 601, as Pillow's
    grey = ((images.astype(np.int64) @ weights + 500) // 1000).astype(np.uint8)
    edges = np.concatenate([grey[:, [0, -1]].ravel(), grey[:, :, [0, -1]].ravel()])
    if np.median(edges) < 128:
        return grey, "Their edges are dark, so what is light is ink."
    return 255 - grey, ""


def _classes(paths: list[PurePosixPath]) -> tuple[NDArray[np.int64] | None, tuple[str, ...] | None]:
    """Labels and names by the folders, the first one in which they differ; None if they are all in one."""
    folders = [path.parts[:-1] for path in paths]
    depth = 0
    while all(len(parts) > depth for parts in folders) and len({parts[depth] for parts in folders}) == 1:
        depth += 1
    own = ["".join(parts[depth : depth + 1]) for parts in folders]
    found = sorted(set(own), key=order_of)
    if len(found) < 2:
        return None, None
    if len(found) > MAX_CLASSES:
        raise DataError(f"The pictures are in {len(found):,} folders; at most {MAX_CLASSES} classes are possible.")
    numbers = {name: label for label, name in enumerate(found)}
    return np.array([numbers[name] for name in own]), tuple(name_of(name.strip()) for name in found)


def _counted(n: int) -> str:
    return "There is 1 picture" if n == 1 else f"There are {n or 'no'} pictures"


def _left_out(files: list[tuple[str, str]]) -> str:
    if not files:
        return ""
    (name, clause), *others = files
    shown = quoted(_path(name).name or name)
    if not others:
        return f"1 file was left out: {shown} {clause}."
    return f"{len(files):,} files were left out: the first, {shown}, {clause}."
