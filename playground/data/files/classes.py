"""Labels for the classes of a file, whatever it calls them."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from playground.data.drawings import MAX_CLASSES, MAX_NAME
from playground.data.errors import DataError

NAMELESS = "(none)"


class Classes(NamedTuple):
    """labels (n,) and the names of the classes, or None for a single class. present: how many have points.
    remark: a sentence on how they are numbered, if that isn't plain."""

    labels: NDArray[np.int64] | None = None
    names: tuple[str, ...] | None = None
    present: int = 1
    remark: str = ""


def number_classes(values: Sequence[str | float] | None, codes: NDArray[np.int64] | None) -> Classes:
    """Numbers for classes: their own, if all are whole numbers from 0 to 9. All others are numbered in order, numbers
    before words.

    values: distinct entries; those that are the same number are one class. codes: the index of each point's entry (n,).
    DataError for more than MAX_CLASSES classes.
    """
    if values is None or codes is None:
        return Classes()
    keys = [_key(value) for value in values]
    found = sorted(set(keys), key=_order)
    if len(found) > MAX_CLASSES:
        raise too_many_classes(f"{len(found):,}")
    names = [name_of(key) for key in found]
    if len(found) < 2:
        return Classes(remark=f"All are of one class, {names[0]}." if names else "")
    own = all(not isinstance(key, str) and key in range(MAX_CLASSES) for key in found)
    labels = [int(key) if own else rank for rank, key in enumerate(found)]
    of = dict(zip(found, labels, strict=True))
    numbers = np.array([of[key] for key in keys])[codes]
    if not own:
        mapping = ", ".join(f"{label} is “{name}”" for label, name in zip(labels, names, strict=True))
        return Classes(numbers, tuple(names), len(found), f"Class {mapping}.")
    empty = ", ".join(str(label) for label in range(labels[-1]) if label not in labels)
    remark = f"No point is of class {' or '.join(empty.rsplit(', ', 1))}." if empty else ""
    return Classes(numbers, tuple(map(str, range(labels[-1] + 1))), len(found), remark)


def too_many_classes(how_many: str) -> DataError:
    """The error for a column with so many different entries."""
    return DataError(f"The classes' column has {how_many} different values; at most {MAX_CLASSES} are possible.")


def _key(value: str | float) -> str | float:
    """What makes entries equal: 1 and 1.0 are the same class, and so are all “nan”, which are unequal as numbers."""
    try:
        number = float(value)
    except ValueError:
        return str(value)
    return number if math.isfinite(number) else str(value)


def _order(key: str | float) -> tuple[bool, float, str, str]:
    """Numbers by size, then words by their letters."""
    return (True, 0.0, key.casefold(), key) if isinstance(key, str) else (False, key, "", "")


def order_of(text: str) -> tuple[bool, float, str, str, str]:
    """Sorts texts, those that are numbers first."""
    return (*_order(_key(text)), text)


def name_of(key: str | float) -> str:
    """What a class is called: at most MAX_NAME printable characters."""
    if not isinstance(key, str):
        return f"{key:.0f}" if key.is_integer() and abs(key) < 1e15 else repr(key)
    shown = "".join(c if c.isprintable() else "?" for c in key)
    return (shown if len(shown) <= MAX_NAME else shown[: MAX_NAME - 1] + "…") or NAMELESS
