"""The distributions that data sets are made of, most of them in the plane. Curves are in :mod:`playground.data.curves`.

Every distribution draws labelled points with :meth:`Distribution.sample`. Those with ``has_density`` also have an
exact density: in closed form, or by a quadrature with negligible error.
"""

import math
from abc import ABC, abstractmethod
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

CHUNK = 100_000
"""Maximum number of distances held at once: 0.8 MB, which fits a processor's cache, for any number of points."""


class Modes(NamedTuple):
    """The modes of a mixture, in the data's coordinates: means (k, 2), standard deviations (k,), weights (k,), and the
    classes of the modes (k,), if they are known."""

    means: Array
    sigmas: Array
    weights: Array
    labels: Labels | None = None


class Distribution(ABC):
    """A distribution of points in ``classes`` classes (1: no natural classes).

    shape: shape of one point: (2,) in the plane, (height, width) or (height, width, 3) for an image, whose coordinates
    are its pixels, row by row.
    """

    has_density: ClassVar[bool] = False
    shape: tuple[int, ...] = (2,)
    classes: int = 1
    class_names: tuple[str, ...] | None = None
    modes: Modes | None = None

    @abstractmethod
    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Labels]:
        """Draw n independent points (n, dim) with labels (n,) in 0 … classes − 1."""

    @property
    def dim(self) -> int:
        """The number of coordinates of a point."""
        return math.prod(self.shape)

    @property
    def training(self) -> "Distribution":
        """The distribution that models learn from: this one, or its training part if some of a finite set is held
        out."""
        return self

    def log_density(self, x: ArrayLike) -> Array:
        """Log density (m,) in nats at points x (m, 2). TypeError if there is none (``has_density`` is False)."""
        raise TypeError(f"{type(self).__name__} has no density")

    def gaussians(self) -> Modes | None:
        """The distribution as a mixture of isotropic Gaussians, exact or by quadrature; None if it is not a mixture."""
        return self.modes

    def entropy(self, n: int = 20_000, seed: int = 0) -> float:
        """Differential entropy in nats by Monte Carlo with n points; the standard error is about 1/√n.

        TypeError if there is no density.
        """
        points, _ = self.sample(n, np.random.default_rng(seed))
        return -float(self.log_density(points).mean())


def as_points(x: ArrayLike, dim: int = 2) -> Array:
    """x as float64 (m, dim); ValueError for any other shape."""
    points = np.asarray(x, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != dim:
        raise ValueError(f"points must have shape (m, {dim}), got {points.shape}")
    return points


def log_mixture(x: Array, means: Array, sigmas: Array, weights: Array) -> Array:
    """Log density (m,) at x (m, 2) of a mixture of k isotropic Gaussians: means (k, 2), sigmas (k,), weights (k,)."""
    origin = means.mean(axis=0)  # ‖x‖² + ‖c‖² − 2x·c has the least cancellation near the origin
    x, means = x - origin, means - origin
    precision = -0.5 / sigmas**2
    constant = np.log(weights / (2 * np.pi * sigmas**2))
    squares = (means**2).sum(axis=1)
    out = np.empty(len(x))
    step = max(1, CHUNK // len(means))
    for i in range(0, len(x), step):
        part = x[i : i + step]
        logits = part @ means.T
        logits *= -2
        logits += (part**2).sum(axis=1)[:, None]
        logits += squares
        logits *= precision
        logits += constant
        top = logits.max(axis=1)
        logits -= top[:, None]
        out[i : i + step] = top + np.log(np.exp(logits, out=logits).sum(axis=1))
    return out


class Mixture(Distribution):
    """A mixture of isotropic Gaussians; each component is a mode and, by default, a separate class.

    means (k, 2); sigmas: standard deviations, a scalar or (k,); weights (k,), normalised here, equal by default;
    labels (k,): the class of each component. ValueError for a sigma or weight that isn't positive.
    """

    has_density = True

    def __init__(
        self,
        means: ArrayLike,
        sigmas: ArrayLike,
        weights: ArrayLike | None = None,
        labels: ArrayLike | None = None,
        class_names: tuple[str, ...] | None = None,
    ) -> None:
        centres = as_points(means)
        k = len(centres)
        widths = np.broadcast_to(np.asarray(sigmas, dtype=np.float64), (k,)).copy()
        shares = np.ones(k) if weights is None else np.asarray(weights, dtype=np.float64)
        if not (shares.shape == (k,) and (widths > 0).all() and (shares > 0).all()):
            raise ValueError("a mixture needs one positive sigma and one positive weight for each mean")
        self.labels: Labels = np.arange(k) if labels is None else np.asarray(labels, dtype=np.int64)
        self.modes: Modes = Modes(centres, widths, shares / shares.sum(), self.labels)
        self.classes = int(self.labels.max()) + 1
        self.class_names = class_names

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Labels]:
        means, sigmas, weights, _ = self.modes
        which = rng.choice(len(means), size=n, p=weights)
        return means[which] + sigmas[which, None] * rng.standard_normal((n, 2)), self.labels[which]

    def log_density(self, x: ArrayLike) -> Array:
        return log_mixture(as_points(x), *self.modes[:3])


class Finite(Distribution):
    """A finite set of labelled data; sampling draws with replacement. No density. labels: the classes (n,)."""

    labels: Labels

    @abstractmethod
    def values(self, which: NDArray[np.int64]) -> Array:
        """The data with these indices, (m, dim)."""

    def __len__(self) -> int:
        return len(self.labels)

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Labels]:
        which = rng.integers(len(self), size=n)
        return self.values(which), self.labels[which]


class Empirical(Finite):
    """A finite set of points (n, dim) with optional labels (n,)."""

    def __init__(self, points: ArrayLike, labels: ArrayLike | None = None) -> None:
        self.points = as_points(points, self.dim)
        self.labels: Labels = np.zeros(len(self.points), np.int64) if labels is None else np.asarray(labels, np.int64)
        if self.labels.shape != (len(self.points),):
            raise ValueError("labels must be as many as points")
        self.classes = int(self.labels.max()) + 1

    def values(self, which: NDArray[np.int64]) -> Array:
        return self.points[which]


class Squares(Distribution):
    """Uniform on k disjoint axis-parallel squares, given by lower left corners (k, 2) and a common side length."""

    has_density = True

    def __init__(self, corners: ArrayLike, side: float) -> None:
        self.corners = as_points(corners)
        self.side = side

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Labels]:
        which = rng.integers(len(self.corners), size=n)
        return self.corners[which] + self.side * rng.random((n, 2)), np.zeros(n, np.int64)

    def log_density(self, x: ArrayLike) -> Array:
        inside = np.zeros(len(points := as_points(x)), dtype=bool)
        for corner in self.corners:  # half-open, so that a shared edge belongs to one square
            inside |= ((points >= corner) & (points < corner + self.side)).all(axis=1)
        return np.where(inside, -self.entropy(), -np.inf)

    def entropy(self, n: int = 0, seed: int = 0) -> float:
        """The logarithm of the area, in nats: exact, so n and seed are ignored."""
        return float(np.log(len(self.corners) * self.side**2))


class Pinwheel(Distribution):
    """Twisted arms of a wheel: Gaussians along the radius, rotated by an angle that grows with the radius.

    Arm k of ``arms`` starts as (u, v) with u ~ N(1, radial²) and v ~ N(0, tangential²). It is rotated clockwise by
    2πk/arms + twist · exp(r), r = √(u² + v²), then scaled by 2. A rotation whose angle depends only on the radius
    preserves area, so the density is that of the untwisted arms at the point rotated back.
    """

    has_density = True

    def __init__(self, arms: int, twist: float, radial: float, tangential: float) -> None:
        self.classes = arms
        self.twist = twist
        self.sigmas = np.array([radial, tangential])

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Labels]:
        labels = rng.integers(self.classes, size=n)
        arm = rng.standard_normal((n, 2)) * self.sigmas + [1.0, 0.0]
        return 2 * self._turn(arm, -2 * np.pi * labels / self.classes, -1.0), labels

    def log_density(self, x: ArrayLike) -> Array:
        half = as_points(x) / 2
        arms = np.stack([self._turn(half, 2 * np.pi * k / self.classes, 1.0) for k in range(self.classes)])
        logits = -0.5 * (((arms - [1.0, 0.0]) / self.sigmas) ** 2).sum(axis=2)
        # Scaling both coordinates by 2 divides the density by 4.
        return np.logaddexp.reduce(logits, axis=0) - np.log(4 * self.classes * 2 * np.pi * self.sigmas.prod())

    def _turn(self, x: Array, angle: Array | float, way: float) -> Array:
        angles = angle + way * self.twist * np.exp(np.hypot(x[:, 0], x[:, 1]))
        cos, sin = np.cos(angles), np.sin(angles)
        return np.stack([cos * x[:, 0] - sin * x[:, 1], sin * x[:, 0] + cos * x[:, 1]], axis=1)
