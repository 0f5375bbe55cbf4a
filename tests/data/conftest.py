"""What the tests of the data share: sums over the plane, as an independent check of densities."""

import numpy as np
import pytest

from playground.data import DATASETS, Distribution, NamedSet
from playground.data.curves import Curve
from playground.data.distributions import Mixture, Squares


class Plane:
    """Square cells over all of a distribution; at two thirds of its σ, sums over a smooth density are all but exact."""

    def __init__(self, distribution: Distribution) -> None:
        width = 0.15  # checkerboard and pinwheel
        if isinstance(distribution, Curve):
            width = distribution.sigma
        elif isinstance(distribution, Mixture):
            width = float(distribution.modes.sigmas.min())
        self.width = width
        points, _ = distribution.sample(4000, np.random.default_rng(7))
        low, high = points.min(axis=0) - 10 * width, points.max(axis=0) + 10 * width
        step = 2 / 3 * width
        if isinstance(distribution, Squares):  # its edges must be cells' edges
            low, high, step = np.full(2, -5.0), np.full(2, 5.0), 0.1
        self.edges = [a + step * np.arange(np.ceil((b - a) / step) + 1) for a, b in zip(low, high, strict=True)]
        middles = [(edges[:-1] + edges[1:]) / 2 for edges in self.edges]
        self.log_density = distribution.log_density(np.stack(np.meshgrid(*middles, indexing="ij"), -1).reshape(-1, 2))
        self.mass = np.exp(self.log_density) * step**2

    def entropy(self) -> float:
        some = self.mass > 0
        return -float((self.mass[some] * self.log_density[some]).sum())


@pytest.fixture(scope="session")
def planes():
    """The plane of every named set with a density, at its default settings."""
    sets = {name: NamedSet(name=name).distribution for name in DATASETS}
    return {name: Plane(found) for name, found in sets.items() if found.has_density}


@pytest.fixture(scope="session")
def plane_of():
    return Plane
