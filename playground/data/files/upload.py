"""Points from a file that a visitor uploads: text, NumPy arrays, pictures.

Files are untrusted: the size is checked before the content, a header before the data that follow it, and nothing is
unpickled. Any error becomes a :class:`DataError` with one sentence for the visitor.
"""

import math
import os
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray
from pydantic import ValidationError

from playground.data.drawings import MAX_CLASSES, MAX_POINTS, Drawing
from playground.data.errors import DataError, quoted
from playground.data.pictures import PICTURES, picture_points

MAX_UPLOAD_BYTES = 20_000_000
MAX_UPLOAD_POINTS = 1_000_000
MAX_LINE = 1_000
"""Maximum number of characters in a line of text; three numbers need fewer."""

SEPARATORS = {";": "semicolons", "\t": "tabs", ",": "commas"}


def read_points(path: str | Path, filename: str | None = None) -> tuple[Drawing, str]:
    """The points in a file, and a sentence that describes what was read. DataError for a file that can't be used.

    path: location of the file. filename: the visitor's name for it, if different from the path's; its extension selects
        the format: .csv and .txt (two columns and an optional class), .npy ((n, 2) or (n, 3)), or a picture.
    """
    ending = Path(filename or path).suffix.lower()
    try:
        if not Path(path).is_file():
            raise DataError("This file can't be read.")
        if Path(path).stat().st_size > MAX_UPLOAD_BYTES:
            raise DataError(f"This file is too large; at most {MAX_UPLOAD_BYTES // 1_000_000} MB are possible.")
        if ending in PICTURES:
            points = picture_points(path)
            return _drawing(points, None, True), f"Read {len(points):,} points from the picture."
        if ending in (".csv", ".txt"):
            with open(path, encoding="utf-8-sig") as text:
                return _thinned(*_read_text(text))
        if ending == ".npy":
            with open(path, "rb") as file:
                return _thinned(*_read_npy(file))
    except OSError:
        raise DataError("This file can't be read.") from None
    raise DataError("Points come as .csv, .txt or .npy files, or as a picture.")


def _thinned(points: NDArray[np.float64], labels: NDArray[np.int64] | None) -> tuple[Drawing, str]:
    """A drawing of at most MAX_POINTS of the points, and a sentence that describes it."""
    n, classes = len(points), 1 if labels is None or not len(labels) else int(labels.max()) + 1
    in_classes = f" in {classes} classes" if classes > 1 else ""
    if n <= MAX_POINTS:
        return _drawing(points, labels, False), f"Read {n:,} points{in_classes}."
    if not np.isfinite(points).all():  # includes the points that would be dropped
        raise DataError("Coordinates must be finite numbers.")
    kept = np.sort(np.random.default_rng(0).choice(n, MAX_POINTS, replace=False))
    drawing = _drawing(points[kept], None if labels is None else labels[kept], False)
    return drawing, f"Kept {MAX_POINTS:,} of {n:,} points{in_classes}, chosen at random (fixed seed)."


def _drawing(points: NDArray[Any], labels: NDArray[np.int64] | None, on_canvas: bool) -> Drawing:
    if not len(points):
        raise DataError("There are no points in this file.")
    try:
        return Drawing(points=points, labels=labels, on_canvas=on_canvas)
    except ValidationError as error:
        message = error.errors()[0]["msg"]
        raise DataError(message.replace("Draw at", "The file needs at")) from None


def _classes(values: Iterable[str | float]) -> NDArray[np.int64]:
    """Labels 0 … 3 for any values, in order of appearance; DataError for more than four distinct values."""
    known: dict[str | float, int] = {}
    labels = array("q")
    for value in values:
        if value not in known:
            if len(known) == MAX_CLASSES:
                raise DataError(f"The third column has more than {MAX_CLASSES} different classes.")
            known[value] = len(known)
        labels.append(known[value])
    return np.array(labels)


# Text.


def _read_text(text: IO[str]) -> tuple[NDArray[np.float64], NDArray[np.int64] | None]:
    """Points and labels of lines `x, y` or `x, y, class`, with an optional header line."""
    coordinates = array("d")
    classes: list[str | float] = []
    separator: str | None = None
    columns = 0
    header_allowed = True
    for number, line in _lines(text):
        if not columns:
            separator = next((mark for mark in SEPARATORS if mark in line), None)
        cells = [cell.strip().strip('"').strip() for cell in line.split(separator)]
        if separator == ";":  # spreadsheet format in locales with a decimal comma
            cells[:2] = [cell.replace(",", ".") for cell in cells[:2]]
        x, y = (_number(cell) for cell in (*cells, "", "")[:2])
        if x is None or y is None:
            if header_allowed and x is None:
                header_allowed = False
                continue
            raise DataError(f"Line {number} does not start with two numbers.")
        if not columns:
            header_allowed, columns = False, len(cells)
            if columns not in (2, 3):
                raise DataError(
                    f"There are {columns} columns; two for x and y are needed, and a third may give the class."
                )
        if len(cells) != columns:
            raise DataError(f"Line {number} has {len(cells)} columns, the ones before it {columns}.")
        if not (math.isfinite(x) and math.isfinite(y)):
            raise DataError(f"Line {number} has a number that is not finite.")
        if len(coordinates) == 2 * MAX_UPLOAD_POINTS:
            raise DataError(f"There are more than {MAX_UPLOAD_POINTS:,} points in this file.")
        coordinates.extend((x, y))
        if columns == 3:
            value = _number(cells[2])
            # 1 and 1.0 are the same class, and so are all “nan”, which would be unequal as numbers.
            classes.append(cells[2] if value is None or math.isnan(value) else value)
    return np.array(coordinates).reshape(-1, 2), _classes(classes) if columns == 3 else None


def _lines(text: IO[str]) -> Iterator[tuple[int, str]]:
    """Numbered lines, without empty lines and comments (lines starting with #)."""
    number = 0
    try:
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                raise DataError(f"Line {number} is too long.")
            if (line := line.strip(" \r\n")) and not line.startswith("#"):
                yield number, line
    except UnicodeDecodeError:
        raise DataError("This is not a text file; save it as CSV in UTF-8.") from None


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


# NumPy arrays.


def _read_npy(file: IO[bytes]) -> tuple[NDArray[np.float64], NDArray[np.int64] | None]:
    """Points and labels of a numeric array (n, 2) or (n, 3); its header is checked before its data are read."""
    readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    try:
        shape, by_column, dtype = readers[npy.read_magic(file)](file, max_header_size=2_000)
    except Exception:  # numpy parses the header as Python and may raise any of its errors
        raise DataError("This is not a NumPy array file, or it is damaged.") from None
    if dtype.hasobject or dtype.kind not in "fiu":
        raise DataError("The array must hold numbers.")
    if len(shape) != 2 or shape[1] not in (2, 3) or shape[0] < 0:
        shown = quoted(" × ".join(map(str, shape)))
        raise DataError(f"The array must have two columns, or three with the class; this one is {shown}.")
    n = int(shape[0])
    if n > MAX_UPLOAD_POINTS:
        raise DataError(f"There are {n:,} points in this file; at most {MAX_UPLOAD_POINTS:,} are possible.")
    wanted = n * shape[1] * dtype.itemsize
    if os.fstat(file.fileno()).st_size - file.tell() < wanted:
        raise DataError("The file ends before the array does.")
    table = np.frombuffer(file.read(wanted), dtype).reshape(shape, order="F" if by_column else "C")
    with np.errstate(over="ignore"):  # a wider type may overflow to infinity, which is rejected later
        numbers = table.astype(np.float64)
    if np.isnan(numbers[:, 2:]).any():
        raise DataError("A class is not a number.")
    return numbers[:, :2], _classes(numbers[:, 2].tolist()) if shape[1] == 3 else None
