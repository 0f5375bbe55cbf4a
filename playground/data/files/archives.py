"""The files in a zip, which may be made to do harm: nothing is written, and none is unpacked beyond a limit."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath

from playground.data.errors import DataError
from playground.data.files.opening import Unusable

MAX_ENTRIES = 20_000
MAX_FILE = 20_000_000
"""Maximum number of bytes of one unpacked file."""

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others may take any amount of memory."""

ENTRY = b"PK\x01\x02"
"""What begins each line of a zip's table of contents."""

ASIDE = ("__MACOSX", "Thumbs.db", "desktop.ini")
"""Files that systems add by themselves, besides hidden ones."""

File = tuple[str, Callable[[], bytes]]
"""A file's name, and what reads it: Unusable if it can't be used."""


def files_in(content: bytes) -> Iterator[File]:
    """The files in a zip. DataError for a zip that can't be read or has more than MAX_ENTRIES."""
    if content.count(ENTRY) > MAX_ENTRIES:  # before a table of so many lines is read
        raise DataError(f"There are more than {MAX_ENTRIES:,} files in this zip.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception:  # a damaged table of contents raises many types of error
        raise DataError("This is not a zip file, or it is damaged.") from None
    for entry in archive.infolist():
        if not entry.is_dir() and not is_aside(entry.filename):
            yield entry.filename, partial(_content, archive, entry)


def is_aside(name: str) -> bool:
    """Whether a file is none that somebody chose to put there."""
    return any(part in ASIDE or part.startswith("._") or part == ".DS_Store" for part in PurePosixPath(name).parts)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise Unusable("has a name that leads out of the zip")
    if entry.flag_bits & 0x1:
        raise Unusable("is locked by a password")
    if entry.compress_type not in METHODS:
        raise Unusable("is packed in a way that can't be read")
    try:
        with archive.open(entry) as file:
            content = file.read(MAX_FILE + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError):
        raise Unusable("is damaged") from None
    if len(content) > MAX_FILE:
        raise Unusable(f"unpacks to more than {MAX_FILE // 1_000_000} MB")
    return content
