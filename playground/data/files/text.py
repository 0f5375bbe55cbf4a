"""The lines of a text file, in whatever encoding it comes."""

import codecs
import re

from playground.data.errors import DataError

MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark is its beginning
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""Characters that no table has."""

GROUPING_SPACE = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))")
"""Spaces that group thousands: they are narrow or don't break a line."""


def lines_of(content: bytes, most: int) -> list[str]:
    """The lines of a text, without their ends, which may be those of any system; a minus sign becomes a hyphen, and
    thousands are not grouped by spaces.

    The encoding is that of the mark at the text's beginning; without one, UTF-8 or else Windows-1252, which includes
    Latin-1. DataError if it is no text, or has more than `most` lines.
    """
    text = _decoded(content).rstrip("\x1a")  # the end of a file, to DOS
    if BINARY.search(text):
        raise DataError("This is not a text file; save it as CSV in UTF-8.")
    if "\u00a0" in text or "\u202f" in text:
        text = GROUPING_SPACE.sub("", text)
    text = text.replace("−", "-").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") >= most:  # each would be an object
        raise DataError(f"This file has more than {most:,} lines.")
    return text.split("\n")


def _decoded(content: bytes) -> str:
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    for encoding in [MARKS[mark]] if mark else ["utf-8", "cp1252"]:
        try:
            return content[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError("This is not a text file; save it as CSV in UTF-8.")
