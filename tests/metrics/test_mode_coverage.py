"""Mode metrics on samples whose answers are known, with their ceiling and floors on real data; clusters are found."""

import math

import numpy as np
import pytest

from playground.data import NamedSet
from playground.data.distributions import Mixture, Modes
from playground.metrics.mode_coverage import CEILING, divergence, estimate, score

RING = NamedSet(name="ring").distribution
GRID = NamedSet(name="grid").distribution


def draw(distribution, n: int, seed: int = 0) -> np.ndarray:
    return distribution.sample(n, np.random.default_rng(seed))[0]


@pytest.mark.parametrize("distribution", [RING, GRID])
def test_the_ceiling_on_real_data(distribution):
    """98.89% of a Gaussian in the plane: over 200,000 points, within five standard errors."""
    n, k = 200_000, len(distribution.modes.weights)
    found = score(draw(distribution, n), distribution.modes)
    assert pytest.approx(0.9889, abs=5e-5) == CEILING
    assert found.high_quality == pytest.approx(CEILING, abs=5 * math.sqrt(CEILING * (1 - CEILING) / n))
    assert found.captured.all()
    assert len(found.lost) == 0
    # 2n times a divergence that is zero but for chance is χ² with as many degrees of freedom as bins, less one.
    for divergence_, bins in ((found.reverse_kl, k), (found.reverse_kl_with_off, k + 1)):
        assert 2 * n * divergence_ == pytest.approx(bins - 1, abs=5 * math.sqrt(2 * (bins - 1)))


def test_lost_modes():
    """Five of eight modes, evenly: KL = ln(8/5)."""
    which = np.array([0, 1, 3, 4, 6])
    part = Mixture(RING.modes.means[which], 0.01)
    found = score(draw(part, 20_000), RING.modes)
    assert list(found.lost) == [2, 5, 7]
    assert found.reverse_kl == pytest.approx(math.log(8 / 5), abs=1e-3)
    assert found.nearest[which] == pytest.approx([0.2] * 5, abs=0.02)
    assert found.nearest.sum() == pytest.approx(1)


def test_what_the_flattering_numbers_hide():
    """One point per mode and the rest nowhere: all modes captured, evenly; the bin for no mode tells."""
    samples = np.concatenate([RING.modes.means, np.zeros((792, 2))])
    found = score(samples, RING.modes)
    assert found.captured.all()
    assert found.reverse_kl == 0
    assert found.high_quality == pytest.approx(0.01)
    wanted = 0.01 * math.log(0.01 / CEILING) + 0.99 * math.log(0.99 / (1 - CEILING))
    assert found.reverse_kl_with_off == pytest.approx(wanted)


def test_too_tight_is_above_the_ceiling():
    found = score(np.repeat(RING.modes.means, 10, axis=0), RING.modes)
    assert found.high_quality == 1 > CEILING
    assert found.reverse_kl_with_off == pytest.approx(-math.log(CEILING))


def test_nothing_anywhere():
    found = score(np.zeros((10, 2)), RING.modes)
    assert not found.captured.any()
    assert found.high_quality == 0
    assert math.isinf(found.reverse_kl)
    assert math.isfinite(found.reverse_kl_with_off)


def test_weights_and_widths_count():
    """Near in standard deviations, not in distance; and the histogram is compared with the data's own weights."""
    modes = Modes(np.array([[0.0, 0], [10, 0]]), np.array([0.1, 2.0]), np.array([0.25, 0.75]))
    found = score([[0.2, 0], [4.5, 0], [9, 0], [10, 1]], modes)
    assert list(found.nearest) == [0.25, 0.75]
    assert found.reverse_kl == pytest.approx(0)
    assert score([[4.5, 0]], modes).captured.tolist() == [False, True]


def test_divergence():
    assert divergence([0.5, 0.5, 0], [0.25, 0.25, 0.5]) == pytest.approx(math.log(2))
    assert math.isinf(divergence([0.5, 0.5], [1, 0]))
    assert divergence([0.1] * 10, [0.1] * 10) == 0


# Estimated modes.


@pytest.mark.parametrize(("name", "k"), [("ring", 8), ("eight_gaussians", 8)])
def test_clusters_are_found(name, k):
    distribution = NamedSet(name=name).distribution
    modes = estimate(draw(distribution, 1500))
    assert len(modes.weights) == k
    distances = np.linalg.norm(modes.means[:, None] - distribution.modes.means, axis=2)
    assert sorted(distances.argmin(1)) == list(range(k))
    assert distances.min(1).max() < 0.3 * distribution.modes.sigmas[0]
    assert modes.sigmas == pytest.approx(distribution.modes.sigmas, rel=0.15)
    assert modes.weights == pytest.approx(distribution.modes.weights, abs=0.04)


def test_one_blob_is_one_cluster():
    modes = estimate(np.random.default_rng(0).normal([3, -1], 0.5, size=(1000, 2)))
    assert modes.means == pytest.approx(np.array([[3, -1]]), abs=0.06)
    assert modes.sigmas == pytest.approx([0.5], rel=0.06)


def test_estimates_score_like_the_known_modes():
    data, samples = draw(RING, 1500), draw(Mixture(RING.modes.means[:6], 0.012), 2000, 1)
    estimated, known = score(samples, estimate(data)), score(samples, RING.modes)
    assert estimated.captured.sum() == known.captured.sum() == 6
    assert estimated.high_quality == pytest.approx(known.high_quality, abs=0.03)
    assert estimated.reverse_kl == pytest.approx(known.reverse_kl, abs=0.05)


@pytest.mark.parametrize(
    "points", [[[1.0, 2.0]], [[1.0, 2.0]] * 50, [[0.0, 0.0], [5.0, 5.0]], [[float(i), 0.0] for i in range(40)]], ids=len
)
def test_any_points_have_modes(points):
    modes = estimate(points)
    assert np.isfinite(np.concatenate([modes.means.ravel(), modes.sigmas, modes.weights])).all()
    assert (modes.sigmas > 0).all()
    assert modes.weights.sum() == pytest.approx(1)
    assert score(points, modes).high_quality > 0.9


def test_the_same_points_have_the_same_modes():
    data = draw(NamedSet(name="two_moons").distribution, 500)
    one, other = estimate(data), estimate(data)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert len(one.weights) > 2, "of a curve, the modes are its stretches"
