"""Curves in the plane, blurred by Gaussian noise: moons, rings, spirals, outlines.

The density of such a set at x is the mean of a Gaussian density over the curve, ∫ N(x; c(s), σ²) p(s) ds. It is
computed by Gauss–Legendre quadrature on panels no longer than 2σ, with five nodes each. The relative error is below
1e-6 wherever the density is large enough to plot.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from playground.data.distributions import CHUNK, Array, Distribution, Labels, Modes, as_points, log_mixture

Curve1D = Callable[[Array], Array]


@dataclass(frozen=True)
class Piece:
    """A smooth piece of a curve, with its share of the points.

    curve: maps parameters (k,) in [0, 1] to points (k, 2). label: its class. weight: relative to the other pieces.
    quantile, density: the distribution of the parameter over [0, 1]; uniform by default.
    box: every point is also shifted by box · (a, b), with a and b uniform on [0, 1] (used by the two spirals).
    """

    curve: Curve1D
    label: int = 0
    weight: float = 1.0
    quantile: Curve1D = lambda u: u
    density: Curve1D = np.ones_like
    box: float = 0.0


class Curve(Distribution):
    """Points on pieces of a curve plus isotropic Gaussian noise of standard deviation sigma."""

    has_density = True

    def __init__(self, pieces: Iterable[Piece], sigma: float, class_names: tuple[str, ...] | None = None) -> None:
        self.pieces = tuple(pieces)
        self.sigma = sigma
        self.classes = max(piece.label for piece in self.pieces) + 1
        self.class_names = class_names
        weights = np.array([piece.weight for piece in self.pieces])
        self.weights: Array = weights / weights.sum()

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Labels]:
        which = rng.choice(len(self.pieces), size=n, p=self.weights)
        u, shift, points = rng.random(n), rng.random((n, 2)), self.sigma * rng.standard_normal((n, 2))
        for i, piece in enumerate(self.pieces):
            here = which == i
            points[here] += piece.curve(piece.quantile(u[here])) + piece.box * shift[here]
        return points, np.array([piece.label for piece in self.pieces])[which]

    def log_density(self, x: ArrayLike) -> Array:
        points = as_points(x)
        # pieces that share a box share a kernel
        boxes = sorted({piece.box for piece in self.pieces})
        return np.logaddexp.reduce([self._log_part(points, box) for box in boxes], axis=0)

    def gaussians(self) -> Modes | None:
        """The quadrature nodes, each with the curve's noise; None if points are also shifted in a box."""
        if any(piece.box for piece in self.pieces):
            return None
        centres, weights, labels = self._nodes(0.0)
        return Modes(centres, np.full(len(centres), self.sigma), weights, labels)

    def _nodes(self, box: float) -> tuple[Array, Array, Labels]:
        """Quadrature nodes (k, 2) on the pieces with this `box`, their shares (k,) of all points, and classes (k,)."""
        parts = [
            (*nodes(piece, self.sigma), weight, piece.label)
            for piece, weight in zip(self.pieces, self.weights, strict=True)
            if piece.box == box
        ]
        centres = np.concatenate([c for c, _, _, _ in parts])
        weights = np.concatenate([w * weight for _, w, weight, _ in parts])
        labels = np.concatenate([np.full(len(w), label) for _, w, _, label in parts])
        keep = weights > 0  # evenly spread points have density 0 where the curve has speed 0
        return centres[keep], weights[keep], labels[keep]

    def _log_part(self, x: Array, box: float) -> Array:
        """Log of the contribution of the pieces with this `box` to the density at x (m, 2)."""
        centres, weights, _ = self._nodes(box)
        if not box:
            return log_mixture(x, centres, np.full(len(centres), self.sigma), weights)
        logs, out = np.log(weights), np.empty(len(x))
        step = max(1, CHUNK // len(centres))
        for i in range(0, len(x), step):
            u = x[i : i + step, :, None] - centres.T
            logits = log_boxed(u[:, 0], box, self.sigma) + log_boxed(u[:, 1], box, self.sigma) + logs
            top = logits.max(axis=1)
            out[i : i + step] = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
        return out


def nodes(piece: Piece, sigma: float) -> tuple[Array, Array]:
    """Quadrature nodes (k, 2) on the piece and weights (k,) that sum to 1, fine enough for noise sigma."""
    s, lengths = measure(piece.curve, 512)
    panels = max(8, int(np.ceil(lengths[-1] / (2 * sigma))))
    edges = np.interp(np.linspace(0, lengths[-1], panels + 1), lengths, s)
    x, w = np.polynomial.legendre.leggauss(5)
    widths = np.diff(edges)[:, None]
    parameters = (edges[:-1, None] + widths * (x + 1) / 2).ravel()
    weights = (widths * w).ravel() * piece.density(parameters)
    return piece.curve(parameters), weights / weights.sum()


def measure(curve: Curve1D, chords: int) -> tuple[Array, Array]:
    """Parameters (chords + 1,) evenly spaced over [0, 1], and the curve's length up to each."""
    s = np.linspace(0, 1, chords + 1)
    lengths = np.hypot(*np.diff(curve(s), axis=0).T)
    return s, np.concatenate([[0.0], lengths.cumsum()])


def log_boxed(u: Array, box: float, sigma: float) -> Array:
    """Log density of box · U[0, 1] + N(0, σ²) at u of any shape; Gauss–Legendre, because numpy has no erf."""
    x, w = np.polynomial.legendre.leggauss(4 + int(2 * abs(box) / sigma))
    u = u / sigma
    offsets = box / sigma * (x + 1) / 2
    nearest = 0.5 * (u - u.clip(offsets.min(), offsets.max())) ** 2  # factored out to avoid underflow far away
    total = np.zeros_like(u)
    for offset, weight in zip(offsets, w / 2, strict=True):
        total += weight * np.exp(nearest - 0.5 * (u - offset) ** 2)
    return np.log(total) - nearest - np.log(np.sqrt(2 * np.pi) * sigma)


def arc(x: float, y: float, width: float, height: float, start: float = 0.0, stop: float = 2 * np.pi) -> Curve1D:
    """An arc of the ellipse around (x, y) with half axes width and height; angles in radians, uniform."""

    def curve(s: Array) -> Array:
        angle = start + (stop - start) * s
        return np.stack([x + width * np.cos(angle), y + height * np.sin(angle)], axis=1)

    return curve


def segment(start: Array, stop: Array) -> Curve1D:
    """The straight line between two points (2,)."""
    return lambda s: start + s[:, None] * (stop - start)


def evenly(piece: Piece) -> Piece:
    """The same piece with its points spread evenly by arc length, tabulated at 4,096 chords."""
    s, lengths = measure(piece.curve, 4096)
    cumulative = lengths / lengths[-1]
    slopes = 4096 * np.diff(cumulative)
    return replace(
        piece,
        quantile=lambda u: np.interp(u, cumulative, s),
        density=lambda t: slopes[np.minimum((t * 4096).astype(np.int64), 4095)],
    )
