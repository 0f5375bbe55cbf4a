"""The exact 2-Wasserstein distance of two samples: the least cost of moving one onto the other."""

import numpy as np
from numpy.typing import ArrayLike


def wasserstein(x: ArrayLike, y: ArrayLike) -> float:
    """The 2-Wasserstein distance of two point sets of the same size, x and y (n, dim), in units of x.

    Between equally many points of equal weight, an optimal plan is an assignment (Peyré & Cuturi 2019, *Computational
    Optimal Transport*, proposition 2.1), which is found exactly (Crouse 2016, *On implementing 2D rectangular
    assignment algorithms*). Its time grows with n³. Raises ValueError if the sizes differ."""
    from scipy.optimize import linear_sum_assignment  # takes long to load, and only this needs it

    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.shape != y.shape:
        raise ValueError(f"Two sets of the same size are compared, not {x.shape} and {y.shape}.")
    squares = np.square(x).sum(1)[:, None] - 2 * x @ y.T + np.square(y).sum(1)
    costs = np.maximum(squares, 0)  # rounding may make a zero negative
    return float(np.sqrt(costs[linear_sum_assignment(costs)].mean()))
