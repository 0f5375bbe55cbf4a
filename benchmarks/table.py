"""Tables of measured values beside their targets, and the statistics that every benchmark needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

__all__ = ["Figure", "heading", "median", "show", "side_by_side", "target"]


def heading(text: str) -> None:
    print(f"\n{text}\n{'─' * min(len(text), 100)}", flush=True)


def target(value: float, *, least: float | None = None, most: float | None = None, digits: int = 2) -> tuple[str, str]:
    """Two cells: the target, and whether the value meets it. A miss is printed, not raised."""
    if least is not None:
        return f"≥ {least:,.{digits}f}", "yes" if value >= least else "MISSED"
    assert most is not None
    return f"≤ {most:,.{digits}f}", "yes" if value <= most else "MISSED"


def show(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their columns. The first is left-aligned, the others right-aligned. Cells may be empty."""
    text = [[str(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(len(row[i]) if i < len(row) else 0 for row in text) for i in range(len(columns))]
    for row in text:
        first, *rest = [*row, *[""] * (len(columns) - len(row))]
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        print("  " + "   ".join(cells).rstrip(), flush=True)


@dataclass(frozen=True)
class Figure:
    """A row of a paper's table: what was measured here, what was published, and the floor, what a perfect model would
    have. Empty where there is none. summary: whether the README shows it."""

    name: str
    ours: str
    published: str = ""
    floor: str = ""
    summary: bool = False


def side_by_side(title: str, figures: Iterable[Figure]) -> None:
    """Print figures beside those of a paper."""
    heading(title)
    show(("", "ours", "published", "floor"), [(f.name, f.ours, f.published, f.floor) for f in figures])
