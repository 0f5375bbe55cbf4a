"""The straightness of trajectories against closed forms."""

import numpy as np
import pytest

from playground.views.time.straightness import straightness

TIMES = np.linspace(0, 1, 201)


def test_straight_lines_at_constant_speed_score_nothing():
    ends = np.random.default_rng(0).normal(size=(2, 30, 2))
    lines = ends[0] + TIMES[:, None, None] * (ends[1] - ends[0])
    assert straightness(lines, TIMES) == pytest.approx(0, abs=1e-12)


def test_a_half_circle():
    """Its speed is π, its chord 2: ∫ ‖ẋ − chord‖² dt = π² − 4, relative to 4."""
    angle = np.pi * TIMES
    circle = np.stack([-np.cos(angle), np.sin(angle)], axis=1)[:, None]
    assert straightness(circle, TIMES) == pytest.approx((np.pi**2 - 4) / 4, rel=1e-3)


def test_a_straight_line_at_another_pace():
    """x = t²: ∫ (2t − 1)² dt = 1/3."""
    assert straightness((TIMES**2)[:, None, None], TIMES) == pytest.approx(1 / 3, rel=1e-3)


def test_without_any_movement_it_is_not_defined():
    assert np.isnan(straightness(np.zeros((3, 5, 2)), np.linspace(0, 1, 3)))
