"""The named point sets: one function each, whose keyword parameters are the settings that a visitor may change.

The first line of a docstring is the set's title on the page; the rest defines the set exactly, at its default
settings unless it names others. Points are independent: classes and angles are drawn at random, whereas scikit-learn
and FFJORD give every class the same number of points at evenly spaced angles. The distribution is the same.

FFJORD: lib/toy_data.py of github.com/rtqichen/ffjord (arXiv 1810.01367). PacGAN: arXiv 1712.04086. [SF]²M:
arXiv 2307.03672.
"""

from typing import Annotated

import numpy as np

from playground.config import knob
from playground.data.curves import Curve, Piece, arc, evenly, segment
from playground.data.distributions import Array, Distribution, Mixture, Pinwheel, Squares


def circle_of(count: int, radius: float, start: float = 0.0) -> Array:
    """Points (count, 2), evenly spaced on a circle, counter-clockwise from the angle `start` in radians."""
    angles = start + 2 * np.pi * np.arange(count) / count
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def eight_gaussians(
    *,
    radius: Annotated[float, knob("Radius", "How far the eight centres are from the middle.", ge=0.5, le=10)] = 5.0,
    sigma: Annotated[float, knob("Spread", "Standard deviation of each Gaussian.", ge=0.02, le=2)] = 1.0,
) -> Distribution:
    """Eight Gaussians.

    Equal weights, with centres on a circle at multiples of 45°; each centre is a class, counter-clockwise from the
    right. [SF]²M uses radius 5 and σ = 1; FFJORD uses radius 4/1.414 and σ = .5/1.414.
    """
    return Mixture(circle_of(8, radius), sigma)


def ring(
    *,
    modes: Annotated[int, knob("Modes", "How many Gaussians stand on the ring.", ge=2, le=16)] = 8,
    sigma: Annotated[float, knob("Spread", "Standard deviation of each Gaussian.", ge=0.005, le=0.3, log=True)] = 0.01,
) -> Distribution:
    """Ring of narrow modes.

    The 2D-ring of PacGAN and VEEGAN: equal Gaussians of σ = .01 on the circle of radius 1, one class each.
    """
    return Mixture(circle_of(modes, 1.0), sigma)


def grid(
    *,
    side: Annotated[int, knob("Modes per side", "The grid has this many modes, squared.", ge=2, le=7)] = 5,
    sigma: Annotated[float, knob("Spread", "Standard deviation of each Gaussian.", ge=0.01, le=0.8, log=True)] = 0.05,
) -> Distribution:
    """Grid of modes.

    The 2D-grid of PacGAN: equal Gaussians of σ = .05 at {−4, −2, 0, 2, 4}², one class each, row by row from the
    lower left. The spacing of the centres is always 2.
    """
    steps = 2.0 * np.arange(side) - (side - 1)
    y, x = np.meshgrid(steps, steps, indexing="ij")
    return Mixture(np.stack([x.ravel(), y.ravel()], axis=1), sigma)


def two_moons(
    *, noise: Annotated[float, knob("Noise", "How far points stray from the moons.", ge=0.01, le=0.4)] = 0.05
) -> Distribution:
    """Two moons.

    scikit-learn's make_moons (half circles of radius 1, uniform in angle, noise .05), times 2, minus 1 in both
    coordinates, as in [SF]²M; so the noise here has σ = 2 · noise. Class 0 is the upper moon. FFJORD uses noise .1
    and a shift by (−1, −.2) instead.
    """
    moons = (Piece(arc(-1, -1, 2, 2, 0, np.pi), 0), Piece(arc(1, 0, 2, 2, np.pi, 2 * np.pi), 1))
    return Curve(moons, 2 * noise, ("upper", "lower"))


def circles(
    *,
    factor: Annotated[float, knob("Inner radius", "Relative to the outer one.", ge=0.1, le=0.9)] = 0.5,
    noise: Annotated[float, knob("Noise", "How far points stray from the circles.", ge=0.01, le=0.3)] = 0.08,
) -> Distribution:
    """Two circles.

    scikit-learn's make_circles(factor=.5, noise=.08) times 3, as in FFJORD: radii 3 and 1.5 with equal weights,
    σ = 3 · noise. Class 0 is the outer circle.
    """
    outer, inner = Piece(arc(0, 0, 3, 3), 0), Piece(arc(0, 0, 3 * factor, 3 * factor), 1)
    return Curve((outer, inner), 3 * noise, ("outer", "inner"))


def rings(
    *,
    count: Annotated[int, knob("Rings", "How many rings lie inside each other.", ge=2, le=6)] = 4,
    noise: Annotated[float, knob("Noise", "How far points stray from the rings.", ge=0.02, le=0.3)] = 0.08,
) -> Distribution:
    """Rings inside rings.

    FFJORD's rings: radii .75, 1.5, 2.25 and 3 with equal weights (so inner rings are denser), σ = noise. Classes
    are numbered from the innermost.
    """
    radii = 3 * np.arange(1, count + 1) / count
    return Curve((Piece(arc(0, 0, r, r), label) for label, r in enumerate(radii)), noise)


def swiss_roll(
    *, noise: Annotated[float, knob("Noise", "How far points stray from the roll.", ge=0.1, le=2)] = 1.0
) -> Distribution:
    """Swiss roll.

    scikit-learn's make_swiss_roll(noise=1), dimensions 0 and 2, divided by 5, as in FFJORD: (t cos t, t sin t)/5
    with t uniform on [1.5π, 4.5π] (not uniform in arc length), σ = noise/5.
    """

    def roll(s: Array) -> Array:
        t = 1.5 * np.pi * (1 + 2 * s)
        return np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 5

    return Curve((Piece(roll),), noise / 5)


def checkerboard(
    *, cells: Annotated[int, knob("Cells per side", "Of the whole board, dark and light.", ge=2, le=8)] = 4
) -> Distribution:
    """Checkerboard.

    FFJORD's: uniform on the dark cells of a 4 × 4 board over [−4, 4]²; the lower left cell is dark.
    """
    side = 8 / cells
    dark = [(i, j) for i in range(cells) for j in range(cells) if (i + j) % 2 == 0]
    return Squares(np.array(dark) * side - 4, side)


def pinwheel(
    *,
    arms: Annotated[int, knob("Arms", "How many arms the wheel has.", ge=2, le=8)] = 5,
    twist: Annotated[float, knob("Twist", "How fast the arms turn.", ge=0, le=0.6)] = 0.25,
    noise: Annotated[float, knob("Width", "Standard deviation across an arm.", ge=0.02, le=0.3)] = 0.1,
) -> Distribution:
    """Pinwheel.

    As in Johnson et al. (arXiv 1603.06277) and FFJORD, one class per arm: σ = .3 around 1 along an arm, .1 across it,
    rotated by .25 · exp(radius), times 2. They use the coordinate along the arm as the radius; using the true radius
    moves points by less than .01 and makes the density exact (see Pinwheel).
    """
    return Pinwheel(arms, twist, 0.3, noise)


def two_spirals(
    *,
    turns: Annotated[float, knob("Turns", "How often each arm goes around.", ge=0.5, le=3)] = 1.5,
    noise: Annotated[float, knob("Noise", "Standard deviation of the blur.", ge=0.05, le=0.4)] = 0.1,
) -> Distribution:
    """Two spirals.

    FFJORD's 2spirals: with n = 2π · turns · √u, u uniform, the first arm is (−n cos n + a, n sin n + b)/3 with a and b
    uniform on [0, .5]; the second is its reflection through 0. Then Gaussian noise of σ = noise is added. The total
    noise is therefore not isotropic: a blurred box of side 1/6. Each arm is a class.
    """
    most = 2 * np.pi * turns

    def spiral(s: Array) -> Array:
        n = most * s
        return np.stack([-n * np.cos(n), n * np.sin(n)], axis=1) / 3

    arms = (
        Piece(spiral, 0, quantile=np.sqrt, density=lambda s: 2 * s, box=1 / 6),
        Piece(lambda s: -spiral(s), 1, quantile=np.sqrt, density=lambda s: 2 * s, box=-1 / 6),
    )
    return Curve(arms, noise)


def s_curve(
    *, noise: Annotated[float, knob("Noise", "How far points stray from the curve.", ge=0.01, le=0.4)] = 0.05
) -> Distribution:
    """S-curve.

    scikit-learn's make_s_curve(noise=.05), dimensions 0 and 2, times 1.5, as in [SF]²M: (sin t, sign(t)(cos t − 1))
    with t uniform on [−1.5π, 1.5π], times 1.5; σ = 1.5 · noise.
    """
    lower = Piece(arc(0, -1.5, 1.5, 1.5, np.pi / 2, -np.pi))
    upper = Piece(arc(0, 1.5, 1.5, 1.5, -2 * np.pi, -np.pi / 2))
    return Curve((lower, upper), 1.5 * noise)


def heart(
    *, noise: Annotated[float, knob("Noise", "How far points stray from the outline.", ge=0.02, le=0.4)] = 0.08
) -> Distribution:
    """Heart.

    The outline (16 sin³ t, 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t) · .18 with points spread evenly by arc length,
    σ = noise. It has two pieces, because it has corners at the top and at the bottom.
    """

    def half(s: Array, start: float) -> Array:
        t = start + np.pi * s
        y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
        return 0.18 * np.stack([16 * np.sin(t) ** 3, y], axis=1)

    return Curve((evenly(Piece(lambda s: half(s, 0.0))), evenly(Piece(lambda s: half(s, np.pi)))), noise)


def star(
    *,
    tips: Annotated[int, knob("Tips", "How many tips the star has.", ge=3, le=9)] = 5,
    inner: Annotated[float, knob("Inner radius", "Relative to the tips' distance.", ge=0.2, le=0.9)] = 0.382,
    noise: Annotated[float, knob("Noise", "How far points stray from the outline.", ge=0.02, le=0.4)] = 0.08,
) -> Distribution:
    """Star.

    The outline of a star with one tip up: tips on the circle of radius 3, notches at radius 3 · inner (.382 gives the
    edges of a pentagram), points spread evenly along the edges, σ = noise.
    """
    corners = np.empty((2 * tips, 2))
    corners[::2] = circle_of(tips, 3.0, np.pi / 2)
    corners[1::2] = circle_of(tips, 3 * inner, np.pi / 2 + np.pi / tips)
    edges = zip(corners, np.roll(corners, -1, axis=0), strict=True)
    return Curve((Piece(segment(start, stop)) for start, stop in edges), noise)


def unequal_gaussians(
    *,
    modes: Annotated[int, knob("Modes", "How many Gaussians there are.", ge=2, le=8)] = 6,
    ratio: Annotated[float, knob("Ratio", "Each mode's weight, relative to the one before.", ge=0.2, le=1)] = 0.5,
    sigma: Annotated[float, knob("Spread", "Standard deviation of each Gaussian.", ge=0.02, le=1)] = 0.3,
) -> Distribution:
    """Unequal Gaussians.

    σ = .3 on the circle of radius 3, counter-clockwise from the right, each with half the weight of the one before:
    32, 16, 8, 4, 2, 1 of 63. One class per mode. The set reveals models that drop rare modes.
    """
    return Mixture(circle_of(modes, 3.0), sigma, ratio ** np.arange(modes))


def far_outlier(
    *,
    share: Annotated[float, knob("Share", "Of the points that are far away.", ge=0.005, le=0.5, log=True)] = 0.05,
    distance: Annotated[float, knob("Distance", "Between the two clusters.", ge=2, le=20)] = 8.0,
) -> Distribution:
    """Far outlier.

    A Gaussian of σ = 1 at (0, 0), and one of σ = .3 with 5% of the points at distance 8 along the diagonal. The two
    classes are the bulk and the outlier.
    """
    far = distance / np.sqrt(2)
    return Mixture([(0.0, 0.0), (far, far)], [1.0, 0.3], [1 - share, share], class_names=("bulk", "outlier"))


def smiley(
    *, noise: Annotated[float, knob("Noise", "How far points stray from the lines.", ge=0.02, le=0.3)] = 0.08
) -> Distribution:
    """Smiley.

    A circle of radius 3 with half of the points; two elliptic eyes of half axes .16 and .36 at (±1.05, .9) with 15%
    each; a mouth with 20%, the arc of radius 1.8 around (0, .1) from 200° to 340°. Angles are uniform, σ = noise.
    """
    pieces = (
        Piece(arc(0, 0, 3, 3), 0, 0.5),
        Piece(arc(-1.05, 0.9, 0.16, 0.36), 1, 0.15),
        Piece(arc(1.05, 0.9, 0.16, 0.36), 2, 0.15),
        Piece(arc(0, 0.1, 1.8, 1.8, np.deg2rad(200), np.deg2rad(340)), 3, 0.2),
    )
    return Curve(pieces, noise, ("face", "left eye", "right eye", "mouth"))
