"""Densities integrate to 1, and are the densities of what is sampled."""

import numpy as np
import pytest
from scipy.stats import chi2, multivariate_normal, norm

from playground.data import DATASETS, NamedSet
from playground.data.curves import Curve, Piece, arc, log_boxed, nodes
from playground.data.distributions import Empirical, Mixture, log_mixture

WITH_DENSITY = [name for name in DATASETS if NamedSet(name=name).distribution.has_density]


@pytest.mark.parametrize("name", WITH_DENSITY)
def test_density_integrates_to_one(name, planes):
    assert planes[name].mass.sum() == pytest.approx(1, abs=1e-3)


def probability(plane, points, blocks=24):
    """Of counts at least as far from the expected ones, by chi-square over blocks of cells."""
    counts, *_ = np.histogram2d(*points.T, bins=plane.edges)
    row, column = (np.arange(size) * blocks // size for size in counts.shape)
    block = (row[:, None] * blocks + column).ravel()
    expected = len(points) * np.bincount(block, plane.mass, blocks**2)
    seen = np.bincount(block, counts.ravel(), blocks**2)
    full = expected >= 8
    expected = np.append(expected[full], max(1, expected[~full].sum()))
    seen = np.append(seen[full], seen[~full].sum())
    return chi2.sf(((seen - expected) ** 2 / expected).sum(), full.sum())


@pytest.mark.parametrize("name", WITH_DENSITY)
def test_samples_follow_the_density(name, planes):
    points, _ = NamedSet(name=name).distribution.sample(10_000, np.random.default_rng(11))
    plane = planes[name]
    assert probability(plane, points) > 1e-3
    assert probability(plane, points + np.array([0.4 * plane.width, 0])) < 1e-9  # or else the test is blind
    assert probability(plane, points * 1.03) < 1e-9


@pytest.mark.parametrize("name", WITH_DENSITY)
def test_mean_log_density_of_samples_is_minus_the_entropy(name, planes):
    assert NamedSet(name=name).distribution.entropy(4000) == pytest.approx(planes[name].entropy(), abs=0.06)


@pytest.mark.parametrize("name", WITH_DENSITY)
def test_density_is_finite_far_away(name):
    far = NamedSet(name=name).distribution.log_density([[50.0, -30.0], [0.0, 900.0]])
    assert (far < -100).all()
    assert not np.isnan(far).any()
    if name != "checkerboard":  # which really is zero there
        assert np.isfinite(far).all()


def test_mixture_is_scipys():
    means, sigmas, weights = np.array([[0, 0], [3, 1], [-2, 5.0]]), np.array([0.1, 1, 2]), np.array([1, 2, 5])
    x = np.random.default_rng(0).normal(size=(100, 2)) * 4
    parts = [w / 8 * multivariate_normal(m, s**2).pdf(x) for m, s, w in zip(means, sigmas, weights, strict=True)]
    np.testing.assert_allclose(Mixture(means, sigmas, weights).log_density(x), np.log(sum(parts)), rtol=1e-9)


def test_mixture_is_the_same_in_chunks(monkeypatch):
    rng = np.random.default_rng(0)
    x, means, ones = rng.normal(size=(50, 2)), rng.normal(size=(7, 2)), np.ones(7)
    whole = log_mixture(x, means, ones, ones / 7)
    monkeypatch.setattr("playground.data.distributions.CHUNK", 21)
    np.testing.assert_allclose(log_mixture(x, means, ones, ones / 7), whole)


@pytest.mark.parametrize(
    ("sigmas", "weights"), [(0.0, [1, 1]), ([1, -1], [1, 1]), (np.nan, [1, 1]), (1, [1, 0]), (1, [1, 1, 1])]
)
def test_mixture_refuses_what_is_no_mixture(sigmas, weights):
    with pytest.raises(ValueError, match="mixture needs"):
        Mixture([[0, 0], [1, 1]], sigmas, weights)


def test_curve_on_a_circle_is_the_closed_form():
    """Around a circle the density is I₀(rR/σ²) exp(−(r² + R²)/2σ²) / 2πσ²."""
    from scipy.special import ive

    radius, sigma = 3.0, 0.08
    r = np.linspace(2.5, 3.5, 60)
    z = r * radius / sigma**2
    exact = np.log(ive(0, z)) - (r - radius) ** 2 / (2 * sigma**2) - np.log(2 * np.pi * sigma**2)
    ours = Curve([Piece(arc(0, 0, radius, radius))], sigma).log_density(np.stack([r, 0 * r], axis=1))
    np.testing.assert_allclose(ours, exact, atol=2e-6)


def test_curve_ends_where_it_ends():
    """A straight line's density is a product of a Gaussian and a difference of two distribution functions."""
    sigma = 0.05
    line = Curve([Piece(lambda s: np.stack([4 * s, 0 * s], axis=1))], sigma)
    x = np.array([[-0.1, 0.02], [0.0, 0.0], [0.03, 0.1], [2, 0], [4.05, -0.07]])
    exact = (norm.cdf(x[:, 0] / sigma) - norm.cdf((x[:, 0] - 4) / sigma)) / 4 * norm.pdf(x[:, 1], scale=sigma)
    np.testing.assert_allclose(line.log_density(x), np.log(exact), atol=1e-5)


@pytest.mark.parametrize("box", [1 / 6, -1 / 6])
@pytest.mark.parametrize("sigma", [0.05, 0.1, 0.4])
def test_box_kernel_is_a_difference_of_distribution_functions(box, sigma):
    u = np.linspace(-0.3, 0.3, 101)  # further out, the difference cancels
    exact = (norm.cdf(u / sigma) - norm.cdf((u - box) / sigma)) / box
    np.testing.assert_allclose(log_boxed(u, box, sigma), np.log(exact), atol=1e-4)


@pytest.mark.parametrize("name", [n for n in WITH_DENSITY if NamedSet(name=n).distribution.classes > 1])
def test_labels_are_those_of_the_nearest_piece(name):
    distribution = NamedSet(name=name).distribution
    points, labels = distribution.sample(3000, np.random.default_rng(3))
    assert set(labels) == set(range(distribution.classes))
    if isinstance(distribution, Mixture):
        centres, of = distribution.modes.means, distribution.labels
    elif isinstance(distribution, Curve):
        parts = [nodes(piece, distribution.sigma)[0] for piece in distribution.pieces]
        centres = np.concatenate(parts)
        of = np.repeat([piece.label for piece in distribution.pieces], [len(p) for p in parts])
    else:  # the pinwheel's arms, at the angle that the middle of an arm has
        angles = -2 * np.pi * np.arange(distribution.classes) / distribution.classes - distribution.twist * np.e
        centres, of = 2 * np.stack([np.cos(angles), np.sin(angles)], axis=1), np.arange(distribution.classes)
    nearest = of[((points[:, None] - centres) ** 2).sum(-1).argmin(1)]
    assert (nearest == labels).mean() > 0.9
    if distribution.class_names is not None:
        assert len(distribution.class_names) == distribution.classes


def test_empirical_resamples_and_has_no_density():
    given, labels = np.arange(10.0).reshape(5, 2), [0, 1, 2, 1, 0]
    few = Empirical(given, labels)
    points, drawn = few.sample(500, np.random.default_rng(0))
    rows = (points[:, 0] / 2).astype(int)
    assert set(rows) == set(range(5))
    np.testing.assert_array_equal(points, given[rows])
    np.testing.assert_array_equal(drawn, np.array(labels)[rows])
    assert (few.classes, few.has_density, few.modes) == (3, False, None)
    with pytest.raises(TypeError, match="no density"):
        few.entropy()


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match=r"\(m, 2\)"):
        Mixture([[0, 0]], 1).log_density([1.0, 2.0])
    with pytest.raises(ValueError, match="as many"):
        Empirical([[0, 0], [1, 1]], [0])
