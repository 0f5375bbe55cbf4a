"""Points from a NumPy array file."""

import io

import numpy as np
from numpy.lib import format as npy

from playground.data.errors import DataError, quoted
from playground.data.files.table import MAX_ROWS, Table


def read_array(content: bytes) -> Table:
    """The points of a numeric array (n, 2), or (n, 3) with the class; its header is checked before its data are read.
    DataError for any other file."""
    file = io.BytesIO(content)
    readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    try:
        shape, by_column, dtype = readers[npy.read_magic(file)](file, max_header_size=2_000)
    except Exception:  # numpy parses the header as Python and may raise any of its errors
        raise DataError("This is not a NumPy array file, or it is damaged.") from None
    if dtype.hasobject or dtype.kind not in "fiu":
        raise DataError("The array must hold numbers.")
    if len(shape) != 2 or shape[1] not in (2, 3) or shape[0] < 0:
        shown = quoted(" × ".join(map(str, shape))) if shape else "a single number"
        raise DataError(f"The array must have two columns, or three with the class; this one is {shown}.")
    n = int(shape[0])
    if n > MAX_ROWS:
        raise DataError(f"There are {n:,} points in this file; at most {MAX_ROWS:,} are possible.")
    wanted = n * shape[1] * dtype.itemsize
    if len(content) - file.tell() < wanted:
        raise DataError("The file ends before the array does.")
    table = np.frombuffer(content, dtype, n * shape[1], file.tell()).reshape(shape, order="F" if by_column else "C")
    with np.errstate(over="ignore"):  # a wider type may overflow to infinity, which is rejected later
        numbers = table.astype(np.float64)
    if shape[1] == 2:
        return Table(numbers)
    if np.isnan(numbers[:, 2]).any():
        raise DataError("A class is not a number.")
    values, codes = np.unique(numbers[:, 2], return_inverse=True)
    return Table(numbers[:, :2], values.tolist(), codes)
