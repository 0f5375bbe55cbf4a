"""Scores of images stand beside a perfect model's."""

import pytest

from playground.views import VIEWS
from playground.views.images import quality
from tests.views.images.digits import DIGITS


def test_a_perfect_model_is_in_its_bands_and_noise_is_not(flow, perfect):
    measured, band = VIEWS["frechet"].measure(perfect), VIEWS["frechet"].floors(perfect)
    assert band["frechet_low"] < measured["frechet"] < 1.2 * band["frechet_high"]
    assert VIEWS["frechet"].measure(flow)["frechet"] > 20 * band["frechet_high"]
    shares = VIEWS["precision_recall"].floors(perfect) | VIEWS["density_coverage"].floors(perfect)
    for score in ("precision", "recall", "density", "coverage"):
        assert measured[score] == pytest.approx(shares[score], abs=0.06)
        assert VIEWS["frechet"].measure(flow)[score] < shares[f"{score}_low"]
    kernel = VIEWS["kernel"].floors(perfect)
    assert kernel["kernel_low"] < 0 < kernel["kernel_high"]


def test_a_class_is_compared_with_itself():
    three, any_class = quality.bands(DIGITS, 3, 60), quality.bands(DIGITS, None, 60)
    assert quality.images(DIGITS.distribution, 3).shape[0] == (DIGITS.distribution.labels == 3).sum()
    assert three["frechet"].mean < 0.2
    learned = DIGITS.distribution.training
    of_three = quality.features(DIGITS).see(learned.points[learned.labels == 3][:60]).features
    assert quality.reference(DIGITS, 3).score(of_three).frechet < three["frechet"].high * 1.2
    assert quality.reference(DIGITS, None).score(of_three).frechet > 5 * any_class["frechet"].high


def test_scores_are_seldom_computed_twice(perfect, monkeypatch):
    first = quality.seen(perfect)
    monkeypatch.setattr(quality, "features", None)
    assert quality.seen(perfect) is first
    perfect.final_samples = perfect.final_samples + 1
    with pytest.raises(TypeError):
        quality.seen(perfect)
