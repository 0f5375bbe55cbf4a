"""Bands, and how the law of a drawing is guessed from its parts."""

import math

import numpy as np
import pytest

from playground.metrics.bands import Band, band, band_of_law


def test_a_band_holds_nine_scores_in_ten():
    scores = np.random.default_rng(0).normal(5, 2, 100_000)
    mean, low, high = band(scores)
    assert mean == pytest.approx(5, abs=0.03)
    assert [low, high] == pytest.approx([5 - 1.645 * 2, 5 + 1.645 * 2], abs=0.05)


def test_a_band_as_scalars():
    assert Band(2.0, 1.0, 4.0).scaled(0.5) == (1.0, 0.5, 2.0)
    assert Band(2.0, 1.0, 4.0).named("distance") == {"distance": 2.0, "distance_low": 1.0, "distance_high": 4.0}


@pytest.mark.parametrize("rate", [0.5, 0.7, 1.0])
def test_gaps_that_fall_with_a_power_are_extrapolated_exactly(rate):
    """Squared distances 0.01 of equal samples, and m^−rate more for the gaps of m points on both sides."""
    n = 256
    of = lambda m: [math.sqrt(0.01 + m**-rate)] * 3  # noqa: E731
    found = band_of_law([0.1] * 3, of(n / 2), of(n / 4))
    assert found == pytest.approx(Band(*[math.sqrt(0.01 + n**-rate / 2)] * 3))


def test_parts_without_gaps_say_what_the_whole_says():
    assert band_of_law([0.1, 0.2], [0.1, 0.2], [0.1, 0.2]) == pytest.approx(band([0.1, 0.2]))
    assert band_of_law([0.0], [0.0], [0.0]) == (0, 0, 0)
