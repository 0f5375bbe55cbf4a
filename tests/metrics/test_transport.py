"""The exact distance against closed forms and brute force."""

from itertools import permutations

import numpy as np
import pytest

from playground.metrics.distances import sliced_wasserstein
from playground.metrics.transport import wasserstein


def test_it_is_the_best_of_all_assignments():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 6, 2))
    best = min(np.square(x - y[list(order)]).sum(1).mean() for order in permutations(range(6)))
    assert wasserstein(x, y) == pytest.approx(np.sqrt(best))


def test_a_shift_is_as_long_as_it_is():
    x = np.random.default_rng(0).normal(size=(200, 3))
    assert wasserstein(x, x + np.array([3, 0, 4])) == pytest.approx(5)
    assert wasserstein(x, x[::-1]) == pytest.approx(0, abs=1e-6)


def test_two_gaussians_are_as_far_apart_as_the_closed_form_says():
    """W2² = ‖m1 − m2‖² + ‖Σ1^½ − Σ2^½‖² for covariances that commute (Givens & Shortt 1984). The same noise, stretched,
    is the optimal map; independent samples are a little farther apart."""
    rng = np.random.default_rng(0)
    wide, narrow, shift = np.array([2.0, 0.5]), np.array([0.5, 1.0]), np.array([1.0, -2.0])
    exact = np.sqrt(np.square(shift).sum() + np.square(wide - narrow).sum())
    x, y = rng.normal(size=(2, 800, 2))
    assert wasserstein(x * wide, y * narrow + shift) == pytest.approx(exact, rel=0.05)
    assert wasserstein(x * wide, x * narrow + shift) == pytest.approx(exact, rel=0.05)


def test_the_sliced_distance_is_never_larger():
    x, y = np.random.default_rng(1).normal(size=(2, 100, 2)) * [[[1, 1]], [[2, 0.3]]]
    assert sliced_wasserstein(x, y) <= wasserstein(x, y)


def test_sets_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="same size"):
        wasserstein(np.zeros((3, 2)), np.zeros((4, 2)))
