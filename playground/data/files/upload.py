"""Points from a file that a visitor uploads: text, NumPy arrays, pictures.

Files are untrusted: the size is checked before the content, a header before the data that follow it, and nothing is
unpickled. Any error becomes a :class:`DataError` with one sentence for the visitor.
"""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np
from pydantic import ValidationError

from playground.data.drawings import MAX_COORDINATE, MAX_POINTS, Drawing
from playground.data.errors import DataError
from playground.data.files.arrays import read_array
from playground.data.files.classes import number_classes
from playground.data.files.opening import PICTURES
from playground.data.files.pictures import picture_points
from playground.data.files.table import Table
from playground.data.files.text_tables import read_text

MAX_UPLOAD_BYTES = 20_000_000

TABLES = {".csv": read_text, ".tsv": read_text, ".txt": read_text, ".npy": read_array}
OTHER_KIND = (
    "Points come as text (.csv, .tsv, .txt), as a NumPy array (.npy), or as a picture (.png, .jpg, .webp, .gif, .bmp)."
)


@dataclass(frozen=True)
class Upload:
    """What was read of a file.

    drawing: its points. note: plain sentences that say what was read, what was left out and how classes are numbered;
        they may hold words of the file.
    """

    drawing: Drawing
    note: str


def read_points(content: bytes, filename: str) -> Upload:
    """The points in a file. DataError for a file that can't be used.

    content: the whole file. filename: the visitor's name for it; its ending selects the kind: .csv, .tsv and .txt (two
        columns and an optional class), .npy ((n, 2) or (n, 3)), or a picture.
    """
    if len(content) > MAX_UPLOAD_BYTES:
        raise DataError(f"This file is too large; at most {MAX_UPLOAD_BYTES // 1_000_000} MB are possible.")
    ending = PurePath(filename).suffix.lower()
    if ending in PICTURES:
        points = picture_points(content)
        return Upload(_drawing(points=points), f"Read {len(points):,} points from the picture.")
    if ending in TABLES:
        return _upload(TABLES[ending](content))
    raise DataError(OTHER_KIND)


def _upload(table: Table) -> Upload:
    """At most MAX_POINTS of the points of a table, and what there is to say of them."""
    n = len(table.points)
    if not n:
        raise DataError("There are no points in this file.")
    if not np.isfinite(table.points).all():  # includes the points that would be dropped
        raise DataError("Coordinates must be finite numbers.")
    if (np.abs(table.points) > MAX_COORDINATE).any():
        raise DataError(f"Coordinates must lie within ±{MAX_COORDINATE:,.0f}.")
    classes = number_classes(table.values, table.codes)
    in_classes = f" in {classes.present} classes" if classes.present > 1 else ""
    points, labels, read = table.points, classes.labels, f"Read {n:,} points{in_classes}."
    if n > MAX_POINTS:
        kept = np.sort(np.random.default_rng(0).choice(n, MAX_POINTS, replace=False))
        points, labels = points[kept], None if labels is None else labels[kept]
        read = f"Kept {MAX_POINTS:,} of {n:,} points{in_classes}, chosen at random (fixed seed)."
    drawing = _drawing(points=points, labels=labels, names=classes.names, on_canvas=False, origin=None)
    return Upload(drawing, " ".join(filter(None, [read, *table.remarks, classes.remark])))


def _drawing(**fields: Any) -> Drawing:
    try:
        return Drawing(**fields)
    except ValidationError as error:
        message = error.errors()[0]["msg"]
        raise DataError(message.replace("Draw at", "The file needs at")) from None
