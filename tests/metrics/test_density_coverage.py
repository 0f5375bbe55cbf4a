"""Density and coverage against their definitions, their expectations, and samples of known faults."""

import math

import numpy as np
import pytest

from playground.metrics.density_coverage import MANIFOLD, NEIGHBOURS, Balls


def cloud(n: int, seed: int, at: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(at, 1, (n, 2))


def test_the_definitions_by_hand():
    """Equations 3 and 4, written as loops."""
    real, fake = cloud(40, 0), cloud(30, 1)
    radius = [sorted(np.linalg.norm(real - x, axis=1))[NEIGHBOURS] for x in real]
    held = [[np.linalg.norm(y - x) <= r for x, r in zip(real, radius, strict=True)] for y in fake]
    balls = Balls(real)
    assert balls.density(fake) == pytest.approx(np.sum(held) / (NEIGHBOURS * len(fake)), rel=1e-6)
    assert balls.coverage(fake) == pytest.approx(np.mean(np.any(held, axis=0)), rel=1e-6)


def test_expectations_for_a_perfect_model():
    """The paper's appendix: density 1, coverage 1 − Π (n − i)/(2n − i), i = 1 … k."""
    n = 500
    found = [(Balls(cloud(n, 2 * i)), cloud(n, 2 * i + 1)) for i in range(40)]
    expected = 1 - math.prod((n - i) / (2 * n - i) for i in range(1, NEIGHBOURS + 1))
    assert np.mean([balls.density(x) for balls, x in found]) == pytest.approx(1, abs=0.02)
    assert np.mean([balls.coverage(x) for balls, x in found]) == pytest.approx(expected, abs=0.01)


def test_what_is_lost_is_not_covered_and_what_lies_beside_is_not_dense():
    real = np.concatenate([cloud(300, 0), cloud(300, 1, at=20)])
    balls = Balls(real)
    assert balls.coverage(cloud(600, 2)) == pytest.approx(0.5, abs=0.03), "one of two blobs"
    assert balls.density(cloud(600, 2, at=10)) < 0.01
    assert balls.coverage(0.1 * cloud(600, 3)) < 0.2, "samples in the middle of one"
    assert balls.coverage(np.full((10, 2), np.nan)) == 0


@pytest.mark.parametrize(("samples", "precision", "recall"), [("same", 1, 1), ("apart", 0, 0), ("half", 1, 0.5)])
def test_precision_recall_and_coverage_of_sets_that_are_known(samples, precision, recall):
    """Two clusters far apart: samples of both, of neither, of one."""
    rng = np.random.default_rng(0)
    data = rng.normal(size=(400, 2)) * 0.1 + np.repeat([[-3, 0], [3, 0]], 200, axis=0)
    made = {"same": data, "apart": data + np.array([0, 50]), "half": data[:200]}[samples]
    assert Balls(data, MANIFOLD).holds(made) == precision
    assert Balls(made, MANIFOLD).holds(data) == recall
    assert Balls(data).coverage(made) == recall
