"""Points from a text file: rows `x, y` or `x, y, class`, in any dialect of spreadsheets and programs."""

import math
import re
from array import array
from collections.abc import Sequence

import numpy as np

from playground.data.errors import DataError
from playground.data.files.classes import too_many_classes
from playground.data.files.dialect import Dialect, find_dialect, split
from playground.data.files.table import MAX_ROWS, Table
from playground.data.files.text import lines_of

MAX_LINE = 1_000
"""Maximum number of characters in a line; three numbers need fewer."""

MOST_VALUES = 1_000
"""Different entries in the class column that are kept; more are no classes."""

CHUNK = 500
"""Rows that are read at once: their cells fit a processor's cache."""


def read_text(content: bytes) -> Table:
    """The points of a text. Empty lines and comments, which start with #, are skipped. Rows that can't be read are left
    out with a remark; DataError if half of them are, or if there is no table at all."""
    lines = [line.strip(" ") for line in lines_of(content, 2 * MAX_ROWS)]
    told = re.fullmatch(r'"?sep=([^\w"#.+-])"?', lines[0])  # a spreadsheet's note to itself
    start = 1 if told else 0
    rows = [at for at in range(start, len(lines)) if lines[at] and lines[at][0] != "#" and not lines[at].isspace()]
    short = [lines[at] for at in rows if len(lines[at]) <= MAX_LINE]
    if rows and not short:
        raise DataError(f"Line {rows[0] + 1} is too long.")
    if not rows:
        return Table(np.zeros((0, 2)))
    dialect = find_dialect(short, told[1] if told else None)
    reader = _Reader(dialect)
    if dialect.header:
        rows.remove(next(at for at in rows if len(lines[at]) <= MAX_LINE))
    for i in range(0, len(rows), CHUNK):
        reader.read(lines, rows[i : i + CHUNK])
    return reader.table()


class _Reader:
    """The columns of a table, which grow chunk by chunk, and the rows that were left out."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.x, self.y, self.codes = array("d"), array("d"), array("q")
        self.values: dict[str, int] = {}
        self.left_out = 0
        self.complaint = ""
        """What is wrong with the first row that was left out, as the end of a sentence on its line."""
        self.line = 0

    def read(self, lines: Sequence[str], rows: Sequence[int]) -> None:
        """Read the lines with these indices."""
        short = [lines[at] if len(lines[at]) <= MAX_LINE else "" for at in rows]
        cells = split(short, self.dialect.separator)
        if not self._read_at_once(cells):
            for at, row in zip(rows, cells, strict=True):
                self._read_row(at + 1, row, len(lines[at]) > MAX_LINE)
        if len(self.x) > MAX_ROWS:
            raise DataError(f"There are more than {MAX_ROWS:,} points in this file.")
        if len(self.values) > MOST_VALUES:
            raise too_many_classes(f"more than {MOST_VALUES:,}")

    def _read_at_once(self, rows: Sequence[Sequence[str]]) -> bool:
        """Read rows column by column, which is fast, if all is well with them."""
        dialect = self.dialect
        try:
            columns = list(zip(*rows, strict=True))
            x, y = (array("d", map(dialect.number, column)) for column in columns[dialect.first : dialect.first + 2])
        except ValueError:  # rows of different lengths, or a cell without a number
            return False
        if len(columns) < dialect.width or any(map(any, columns[dialect.width :])):
            return False
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            return False
        self.x.extend(x)
        self.y.extend(y)
        if dialect.classes:
            self._add_classes(columns[dialect.width - 1])
        return True

    def _read_row(self, number: int, cells: list[str], too_long: bool) -> None:
        dialect = self.dialect
        if too_long:
            return self._leave_out(number, "is too long")
        if not any(cell.strip() for cell in cells):  # a spreadsheet's empty row
            return None
        try:
            x, y = (dialect.number(cell) for cell in (*cells, "", "", "")[dialect.first : dialect.first + 2])
        except ValueError:
            wrong = "has no two numbers after the first column" if dialect.first else "does not start with two numbers"
            return self._leave_out(number, wrong)
        if not (math.isfinite(x) and math.isfinite(y)):
            return self._leave_out(number, "has a number that is not finite")
        while len(cells) > dialect.width and not cells[-1].strip():
            cells.pop()
        if len(cells) != dialect.width:
            return self._leave_out(number, f"has {len(cells)} columns, not {dialect.width}")
        self.x.append(x)
        self.y.append(y)
        if dialect.classes:
            self._add_classes(cells[-1:])
        return None

    def _add_classes(self, cells: Sequence[str]) -> None:
        for value in dict.fromkeys(cells):
            self.values.setdefault(value, len(self.values))
        self.codes.extend(map(self.values.__getitem__, cells))

    def _leave_out(self, number: int, complaint: str) -> None:
        if not self.left_out:
            self.line, self.complaint = number, complaint
        self.left_out += 1

    def table(self) -> Table:
        """All that was read. DataError if most rows were left out."""
        n, left_out = len(self.x), self.left_out
        if left_out and left_out >= n:
            others = f", and {left_out - 1:,} more can't be read" if left_out > 1 else ""
            raise DataError(f"Line {self.line} {self.complaint}{others}.")
        remarks = self.dialect.remarks
        if left_out:
            rows = "1 row was left out: it" if left_out == 1 else f"{left_out:,} rows were left out: the first"
            remarks = (f"{rows} is line {self.line}, which {self.complaint}.", *remarks)
        points = np.column_stack([np.frombuffer(self.x), np.frombuffer(self.y)]) if n else np.zeros((0, 2))
        if not self.dialect.classes:
            return Table(points, remarks=remarks)
        return Table(points, [value.strip() for value in self.values], np.array(self.codes), remarks)
