"""The balance of the modes: its weights are what data score, whether modes overlap, are far apart, or are estimates."""

import math

import numpy as np
import pytest

from playground.data import NamedSet
from playground.metrics.mode_coverage import CEILING
from playground.views.adversarial.modes import bands, known


def balance(x: np.ndarray, name_or_set) -> float:
    """KL(samples ‖ data) over modes and what is on none of them, by its definition."""
    modes, ceiling = known(name_or_set)[:2]
    apart = np.linalg.norm(x[:, None] - modes.means, axis=2) / modes.sigmas
    which, good = apart.argmin(1), apart.min(1) <= 3
    p = np.array([*(np.mean(good & (which == k)) for k in range(len(modes.weights))), np.mean(~good)])
    q = np.array([*(ceiling * modes.weights), 1 - ceiling])
    with np.errstate(divide="ignore"):
        return float((p[p > 0] * np.log(p[p > 0] / q[p > 0])).sum())


def fresh(dataset: NamedSet, draws: int) -> np.ndarray:
    rng = np.random.default_rng(4)
    return np.array([balance(dataset.distribution.sample(1500, rng)[0], dataset) for _ in range(draws)])


@pytest.mark.parametrize("name", ["pinwheel", "swiss_roll", "heart", "two_spirals"])
def test_estimated_modes_have_the_shares_of_fresh_data(name):
    """With weights from 400 points, a perfect model had .14 on the pinwheel, and infinity in half of the draws on the
    swiss roll."""
    dataset = NamedSet(name=name)
    assert known(dataset).ceiling < 1
    found = fresh(dataset, 40)
    assert np.isfinite(found).all()
    k = len(known(dataset).modes.weights)
    assert found.mean() < 2 * k / 3000


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("eight_gaussians", {}),
        ("eight_gaussians", {"radius": 2.0}),
        ("unequal_gaussians", {"sigma": 1.0}),
        ("grid", {}),
    ],
)
def test_a_perfect_model_has_little_more_than_nothing_and_is_in_the_band(name, settings):
    dataset = NamedSet(name=name, settings=settings)
    k, found, band = len(known(dataset).modes.weights), fresh(dataset, 60), bands(dataset)["divergence"]
    assert found.mean() == pytest.approx(k / 3000, rel=0.4)
    assert found.mean() == pytest.approx(band.mean, rel=0.15)
    assert 0.75 <= np.mean((band.low <= found) & (found <= band.high)) <= 1


def test_modes_far_apart_keep_their_weights():
    for name in ("ring", "far_outlier", "grid"):
        dataset = NamedSet(name=name)
        assert known(dataset).ceiling == CEILING == pytest.approx(1 - math.exp(-4.5))
        assert known(dataset).modes is dataset.distribution.modes
