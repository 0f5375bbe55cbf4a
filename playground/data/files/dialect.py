"""How a text writes its table: what separates cells, how numbers look, and which columns hold what.

Python's `csv` splits lines into cells. Its sniffer is not used: on points without quotes it guesses from letter counts.
A separator is found by trying each, and taking the one with which most lines have two numbers.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from playground.data.drawings import MAX_CLASSES
from playground.data.errors import DataError, quoted

SEPARATORS = (";", "\t", ",", " ")
"""In the order in which they are preferred. A space stands for any spaces and tabs."""

LOOKED_AT = 1_000
"""Lines from which a dialect is found."""

INDEX_NAMES = {"", "index", "id", "no", "no.", "nr", "nr.", "#", "row", "unnamed: 0"}
CLASS_NAMES = {"class", "label", "target", "category", "cluster", "group", "species", "kind"}
MISSING = {"", "-", "?", "na", "n/a", "nan", "null", "none"}

NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)(e[+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE)
COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?")

Convert = Callable[[str], float]
"""The number that a cell holds; ValueError if it holds none."""


def _comma_groups(cell: str) -> float:
    if "," in cell and not COMMA_GROUPS.fullmatch(cell.strip()):
        raise ValueError
    return float(cell.replace(",", ""))


def _point_groups(cell: str) -> float:
    if "." in cell and not POINT_GROUPS.fullmatch(cell.strip()):
        raise ValueError
    return float(cell.replace(".", "").replace(",", "."))


def _decimal_comma(cell: str) -> float:
    return float(cell.replace(",", "."))


REMARKS: dict[Convert, str] = {
    _comma_groups: "Commas were read as thousands separators.",
    _point_groups: "Commas were read as decimal points, and points as thousands separators.",
    _decimal_comma: "Commas were read as decimal points.",
}


class Dialect(NamedTuple):
    """separator: between cells. number: how a cell is read. header: whether the first row names the columns.
    first: the column of x; y is the next. width: the number of columns up to y, or up to the class after it.
    remarks: sentences for the visitor."""

    separator: str
    number: Convert
    header: bool
    first: int
    width: int
    remarks: tuple[str, ...]

    @property
    def classes(self) -> bool:
        return self.width == self.first + 3


def split(lines: Sequence[str], separator: str) -> list[list[str]]:
    """The cells of each line. Each is read on its own, so that an open quote can't swallow the next."""
    if separator == " ":
        lines = [line.replace("\t", " ").strip() for line in lines]
    if any('"' in line for line in lines):
        return [next(csv.reader((line,), delimiter=separator, skipinitialspace=True)) for line in lines]
    return list(csv.reader(lines, delimiter=separator, skipinitialspace=True))


def find_dialect(lines: Sequence[str], told: str | None) -> Dialect:
    """The dialect of a text's lines, none of them empty. told: the separator, if the file names it. DataError if the
    columns aren't those of points."""
    seen = lines[:LOOKED_AT]
    scores = {mark: sum(map(_has_two_numbers, split(seen, mark))) for mark in SEPARATORS}
    separator = told or max(SEPARATORS, key=lambda mark: scores[mark])
    if not scores.get(separator, 1):
        separator = ","
    rows = split(seen, separator)
    header = _is_header(rows[0])
    names, rows = (rows[0], rows[1:]) if header else (None, rows)
    width = _width(rows)
    first = _first(names, rows, width)
    if width - first not in (0, 1, 2, 3):
        raise DataError(f"There are {width} columns; two for x and y are needed, and a third may give the class.")
    _check_order([name.strip().casefold() for name in (names or ())[first:]])
    number = _number(lines, separator, first)
    indexed = "The first column numbers the rows and was left out." if first else ""
    remarks = tuple(filter(None, [indexed, REMARKS.get(number)]))
    return Dialect(separator, number, header, first, width, remarks)


def _has_two_numbers(cells: Sequence[str]) -> bool:
    are = [NUMBER.fullmatch(cell.strip()) is not None for cell in cells[:3]]
    return are[:2] == [True, True] or are[1:] == [True, True]


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a row holds words only. One that begins with a digit may be a number with a mistake."""
    words = [cell.strip().casefold() for cell in cells]
    return not any(re.match(r"[+-]?[.,]?\d", word) for word in words) and not MISSING.issuperset(words)


def _width(rows: Sequence[Sequence[str]]) -> int:
    """The usual number of columns, without those at the end that are empty in all rows."""
    lengths = Counter(map(len, rows))
    if not lengths:
        return 0
    usual = lengths.most_common(1)[0][0]
    full = [[bool(cell.strip()) for cell in row] for row in rows if len(row) == usual]
    return max((column + 1 for column in range(usual) if any(row[column] for row in full)), default=0)


def _first(names: Sequence[str] | None, rows: Sequence[Sequence[str]], width: int) -> int:
    """The column of x: 1 if the first one is an index, else 0."""
    rows = [row for row in rows if len(row) >= width]
    numbers = sum(all(NUMBER.fullmatch(cell.strip()) for cell in row[1:3]) for row in rows)
    if width not in (3, 4) or 2 * numbers <= len(rows):
        return 0
    counts = [row[0].strip() for row in rows] in [[str(i + start) for i in range(len(rows))] for start in (0, 1)]
    unnamed = names is not None and (names[0].strip().casefold() in INDEX_NAMES or (counts and len(names) == width - 1))
    if width == 4:
        return int(counts or unnamed)
    return int(unnamed or (counts and not _like_classes([row[2].strip() for row in rows])))


def _check_order(names: Sequence[str]) -> None:
    """DataError if the columns' names say that they are not x, y and the class, in this order: as numbers, all could be
    read, and would be wrong."""
    if list(names[:2]) == ["y", "x"] or not CLASS_NAMES.isdisjoint(names[:2]):
        shown = ", ".join(quoted(name) for name in names[:3])
        raise DataError(f"The columns are called {shown}; x comes first, then y, and then the class.")


def _like_classes(cells: Sequence[str]) -> bool:
    """Whether numbers may be those of classes: few, and small and whole or repeated."""
    found = set(cells)
    plain = all(re.fullmatch(r"\d", cell) for cell in found)
    return len(found) <= MAX_CLASSES and (plain or 2 * len(found) <= len(cells))


def _number(lines: Sequence[str], separator: str, first: int) -> Convert:
    """How numbers are written. Only lines with a comma tell; where commas are separators, it must stand in quotes."""
    mark = '"' if separator == "," else ","
    telling = [line for line in lines if mark in line][:LOOKED_AT]
    rows = [row[first : first + 2] for row in split(telling, separator)]
    coordinates = [cell.strip() for row in rows if len(row) == 2 for cell in row]
    commas = [cell for cell in coordinates if "," in cell]
    if not commas:
        return float
    if any("." in cell and POINT_GROUPS.fullmatch(cell) for cell in commas):
        return _point_groups
    # Where cells are not separated by commas, “1,234” alone is a decimal: spreadsheets write it so.
    certain = separator == "," or any("." in cell or cell.count(",") > 1 for cell in commas)
    return _comma_groups if certain and all(map(COMMA_GROUPS.fullmatch, commas)) else _decimal_comma
