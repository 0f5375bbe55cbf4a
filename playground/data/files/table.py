"""What the readers of tables hand on: coordinates, and classes as they stand in the file."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_ROWS = 1_000_000


class Table(NamedTuple):
    """points: float64 (n, 2). values: the distinct entries of the class column, in any order; None if there is none.
    codes: the index of each point's entry in them (n,). remarks: sentences for the visitor."""

    points: NDArray[np.float64]
    values: list[str] | list[float] | None = None
    codes: NDArray[np.int64] | None = None
    remarks: tuple[str, ...] = ()
