"""Bands: what a perfect model scores, on average and in 90 of 100 cases.

A perfect model draws from the law of the data. Its score still varies, since its sample and the data sample that it is
compared with are finite. A model whose score lies in the band can't be told from the data by samples of this size.
"""

import json
import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from playground.data.distributions import Array

SHIPPED = Path(__file__).parents[2] / "checkpoints" / "bands.json"
"""The bands of the distance of named sets as they come, {name: [mean, low, high]}, by `scripts.bands`."""

OUTSIDE = 0.05
"""The share of a perfect model's scores below its band, and of those above it."""

RATES = (0.5, 1.0)
"""How fast the squared distance of two samples of m points falls with m, as powers: 1 for a law without gaps, 1/2 for
one with gaps, between which the samples' shares differ (Bobkov & Ledoux 2019, *One-dimensional empirical measures*)."""


class Band(NamedTuple):
    """mean: a perfect model's average score. low, high: nine scores in ten lie between them."""

    mean: float
    low: float
    high: float

    def scaled(self, factor: float) -> "Band":
        """The band of scores that are `factor` times as large."""
        return Band(*(factor * value for value in self))

    def named(self, scalar: str) -> dict[str, float]:
        """The band as scalars: its mean under the scalar's own name, its ends with a suffix."""
        return {scalar: self.mean, f"{scalar}_low": self.low, f"{scalar}_high": self.high}


@cache
def shipped() -> dict[str, Band]:
    """The bands that ship with the project, by the names of data sets. Empty without the file."""
    return {name: Band(*ends) for name, ends in json.loads(SHIPPED.read_text()).items()} if SHIPPED.exists() else {}


def band(scores: Array | list[float]) -> Band:
    """The band of a perfect model's scores (k,)."""
    low, high = np.quantile(scores, [OUTSIDE, 1 - OUTSIDE])
    return Band(float(np.mean(scores)), float(low), float(high))


def band_of_law(whole: list[float], halves: list[float], quarters: list[float]) -> Band:
    """The band of distances between the unknown law of N points and the points themselves, from three sets of distances
    between two equally large samples: of the same N points, of two halves of them, of two quarters.

    Samples of the same points are too near to each other: they have the same gaps. Disjoint halves are too far apart:
    both have gaps, of N/2 points. Squared distances S add up, and what the gaps of m points on both sides add falls
    with a power α of m: D(m) = S(m) − S(whole) = b · m^−α. The law has no gaps, which leaves S(whole) + D(N) / 2.
    """
    same, half, quarter = (float(np.square(distances).mean()) for distances in (whole, halves, quarters))
    gaps, wider = max(half - same, 0.0), max(quarter - same, 1e-12)
    rate = float(np.clip(math.log2(wider / max(gaps, 1e-12)), *RATES))
    return band(halves).scaled(math.sqrt((same + gaps * 2**-rate / 2) / max(half, 1e-12)))
