"""Distances in features against Gaussians of known distance, definitions written as loops, and known faults."""

import numpy as np
import pytest
import torch

from playground.data import NamedSet
from playground.data.distributions import Empirical
from playground.metrics.density_coverage import NEIGHBOURS
from playground.metrics.features import Learned, Principal, components, features_of
from playground.metrics.image_quality import Moments, Reference, frechet, moments, squared_mmd


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def gaussian(mean, covariance) -> Moments:
    return Moments(torch.as_tensor(mean, dtype=torch.float64), torch.as_tensor(covariance, dtype=torch.float64))


def test_frechet_distance_of_known_gaussians():
    """Where covariances commute, tr(Σ₁ + Σ₂ − 2 √(Σ₁Σ₂)) is the sum of squared differences of standard deviations."""
    turn = np.linalg.qr(rng().normal(size=(3, 3)))[0]
    one, other = np.array([1.0, 2.0, 0.5]), np.array([2.0, 2.0, 0.0])
    found = frechet(
        gaussian([1, 0, 0], turn @ np.diag(one**2) @ turn.T), gaussian([0, 2, 0], turn @ np.diag(other**2) @ turn.T)
    )
    assert found == pytest.approx(5 + 1 + 0 + 0.25, rel=1e-6)  # the root of a variance that is 0 but for rounding
    assert frechet(gaussian([1, 0, 0], np.eye(3)), gaussian([1, 0, 0], np.eye(3))) == pytest.approx(0, abs=1e-9)


def test_frechet_distance_of_covariances_that_do_not_commute():
    """In two dimensions, tr √(Σ₁Σ₂) = √(tr Σ₁Σ₂ + 2 √det Σ₁Σ₂)."""
    one, other = np.array([[2.0, 0.7], [0.7, 1.0]]), np.array([[0.5, -0.3], [-0.3, 3.0]])
    product = one @ other
    root = np.sqrt(np.trace(product) + 2 * np.sqrt(np.linalg.det(product)))
    found = frechet(gaussian([0, 0], one), gaussian([0, 0], other))
    assert found == pytest.approx(np.trace(one + other) - 2 * root, rel=1e-9)
    assert found == pytest.approx(frechet(gaussian([0, 0], other), gaussian([0, 0], one)), rel=1e-9)


def test_moments():
    x = rng().normal(size=(50, 4))
    found = moments(x)
    assert np.allclose(found.mean, x.mean(0))
    assert np.allclose(found.covariance, np.cov(x.T))


def test_kernel_distance_is_the_mean_over_pairs():
    x, y = rng(0).normal(size=(6, 3)), rng(1).normal(size=(5, 3))

    def k(a, b):
        return (a @ b / 3 + 1) ** 3

    within = [np.mean([k(a, b) for i, a in enumerate(z) for j, b in enumerate(z) if i != j]) for z in (x, y)]
    across = np.mean([k(a, b) for a in x for b in y])
    assert squared_mmd(x, y) == pytest.approx(sum(within) - 2 * across)


def test_kernel_distance_has_no_bias():
    """E k(x, y) under N(0, I) in one dimension and N(m, 1): 1 + 3 E[xy]… ; the distance of the laws is exact."""
    found = [squared_mmd(rng(2 * i).normal(size=(30, 2)), rng(2 * i + 1).normal(size=(40, 2))) for i in range(400)]
    assert np.mean(found) == pytest.approx(0, abs=3 * np.std(found) / 20)
    assert min(found) < 0
    moved = [squared_mmd(rng(i).normal(size=(30, 1)) + 1, rng(900 + i).normal(size=(30, 1))) for i in range(400)]
    # With moments m₁, m₂, m₃ of both laws: Σ binom(3, j) (m_j − m'_j)², and N(1, 1) has the moments 1, 2, 4.
    exact = 3 * 1 + 3 * (2 - 1) ** 2 + 1 * 4**2
    assert np.mean(moved) == pytest.approx(exact, abs=3 * np.std(moved) / 20)


def test_precision_and_recall_by_hand():
    real, fake = rng(0).normal(size=(40, 3)), rng(1).normal(size=(30, 3)) * 0.5
    found = Reference(real).score(fake)

    def within(centres, x):
        radii = [sorted(np.linalg.norm(centres - c, axis=1))[NEIGHBOURS] for c in centres]
        return np.mean([any(np.linalg.norm(p - c) <= r for c, r in zip(centres, radii, strict=True)) for p in x])

    assert found.precision == pytest.approx(within(real, fake), abs=1e-6)
    assert found.recall == pytest.approx(within(fake, real), abs=1e-6)
    assert found.recall < found.precision, "samples in the middle"


def test_what_is_bad_scores_badly():
    digits = NamedSet(name="digits")
    known = at_once(features_of(digits, digits.distribution))
    held_out, learned = digits.distribution, digits.distribution.training
    reference = Reference(known.see(held_out.points).features)
    good = reference.score(known.see(learned.points[:400]).features)
    blended = reference.score(known.see((learned.points[:400] + learned.points[400:800]) / 2).features)
    lacking = reference.score(known.see(learned.points[learned.labels > 4][:400]).features)
    assert blended.frechet > 5 * good.frechet
    assert blended.precision < good.precision - 0.05
    assert lacking.recall < good.recall - 0.15, "half of the classes"
    assert lacking.coverage < good.coverage - 0.15
    assert lacking.precision > good.precision - 0.05
    assert reference.score(np.full((20, 48), 0.0)).recall < 0.3, "one image only"


def at_once(pieces):
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def test_what_has_no_classifier_is_seen_by_its_components():
    flat = rng().normal(size=(300, 3)) * [3, 2, 0.1]
    turn = np.linalg.qr(rng(1).normal(size=(12, 12)))[0][:3]
    images, labels = flat @ turn, (flat[:, 0] > 0).astype(int)

    class Images(Empirical):
        shape = (3, 4)

    found = at_once(features_of(None, Images(images, labels)))
    assert isinstance(found, Principal)
    seen = found.see(images)
    assert seen.features.var(0).mean() == pytest.approx(1, rel=1e-3)
    assert (seen.probabilities.argmax(1) == labels).all(), "each is its own nearest"
    assert found.classifies
    assert not found.sure
    axes = at_once(components((images - images.mean(0)).astype(np.float32), 2))
    truth = np.linalg.svd(images - images.mean(0), full_matrices=False)[2][:2].T
    assert np.allclose(np.abs(np.sum(axes * truth, axis=0)), 1, atol=1e-3)


def test_features_of_a_set_with_a_classifier_are_its_own():
    digits = NamedSet(name="digits", settings={"classes": 3})
    found = at_once(features_of(digits, digits.distribution))
    assert isinstance(found, Learned)
    assert "%" in found.title
    points = NamedSet(name="digits").distribution
    assert found.see(points.points).probabilities.shape == (360, 10)
    with pytest.raises(ValueError, match="No classifier"):
        Learned("two_moons", 2, np.zeros((5, 4)))
