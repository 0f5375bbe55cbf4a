"""The maximum mean discrepancy against its closed form for Gaussians."""

import numpy as np
import pytest

from playground.metrics.mmd import BANDWIDTHS, mmd, mmd_squared


def kernel_mean(shift: np.ndarray, variance: float) -> float:
    """The mean of the kernel over the difference of two independent points, which is N(shift, variance I)."""
    h2, d = np.square(BANDWIDTHS), len(shift)
    return float(np.mean((h2 / (h2 + variance)) ** (d / 2) * np.exp(-np.square(shift).sum() / 2 / (h2 + variance))))


@pytest.mark.parametrize(("shift", "scale"), [([1.0, 0.5], 1.0), ([0.0, 0.0], 2.0), ([3.0, 0.0], 0.3)])
def test_of_two_gaussians_it_is_what_the_closed_form_says(shift, scale):
    rng, none = np.random.default_rng(0), np.zeros(2)
    exact = kernel_mean(none, 2) + kernel_mean(none, 2 * scale**2) - 2 * kernel_mean(np.array(shift), 1 + scale**2)
    pairs = ((rng.normal(size=(200, 2)), rng.normal(size=(200, 2)) * scale + shift) for _ in range(30))
    found = [mmd_squared(x, y) for x, y in pairs]
    assert abs(np.mean(found) - exact) < 3 * np.std(found) / np.sqrt(len(found)) < 0.15 * exact
    assert mmd(np.zeros((2, 2)), np.ones((2, 2))) == pytest.approx(
        np.sqrt(2 - 2 * kernel_mean(np.ones(2), 0)), rel=1e-5
    )


def test_samples_of_one_law_have_none_on_average():
    rng = np.random.default_rng(0)
    found = [mmd_squared(*rng.normal(size=(2, 200, 2))) for _ in range(60)]
    assert abs(np.mean(found)) < 3 * np.std(found) / np.sqrt(len(found))
    assert min(found) < 0 < max(found)
    assert mmd(np.eye(2), np.eye(2)) == 0, "the root of nothing negative"


def test_bandwidths_grow_with_the_dimension():
    rng = np.random.default_rng(0)
    flat = [mmd(rng.normal(size=(500, d)), rng.normal(size=(500, d)) + 1) for d in (2, 32)]
    assert flat[1] > 0.3 * flat[0], "distances of 64 pixels aren't all beyond the kernel"
