"""The paths of flow matching: α and σ over time, each with its exact derivative.

x_t = σ(t) x0 + α(t) x1 between a source point x0 and a data point x1: *stochastic interpolants* without their noise
(Albergo, Boffi & Vanden-Eijnden 2023, arXiv 2303.08797), Gaussian paths for a Gaussian source (Lipman et al., arXiv
2210.02747, §4).
"""

import dataclasses
import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import torch
from torch import Tensor

from playground.families.paths import LATEST, STRAIGHT, TIMES, Curve, Path

TRIGONOMETRIC = Path(
    alpha=lambda t: (t * math.pi / 2).sin(),
    sigma=lambda t: (t * math.pi / 2).cos(),
    alpha_rate=lambda t: math.pi / 2 * (t * math.pi / 2).cos(),
    sigma_rate=lambda t: -math.pi / 2 * (t * math.pi / 2).sin(),
)
"""α² + σ² = 1: data of variance 1 keep it. Albergo & Vanden-Eijnden, ICLR 2023, arXiv 2209.15571, eq. 5; diffusion's
cosine schedule (Nichol & Dhariwal, arXiv 2102.09672) without its offset."""

EASED = Path(
    alpha=lambda t: (t * math.pi / 2).sin().square(),
    sigma=lambda t: (t * math.pi / 2).cos().square(),
    alpha_rate=lambda t: math.pi / 2 * (t * math.pi).sin(),
    sigma_rate=lambda t: -math.pi / 2 * (t * math.pi).sin(),
)
"""The straight line with a cosine's start and stop. Only its time differs from the straight path's, so the exact field
has the same trajectories, at another speed (Shaul et al., *Bespoke Solvers*, arXiv 2310.19075, §2)."""

BETA_MIN, BETA_MAX = 0.1, 20.0


def _beta(t: Tensor) -> Tensor:
    return BETA_MIN + (BETA_MAX - BETA_MIN) * (1 - t)


def _integral(t: Tensor) -> Tensor:
    """∫β from the data, where the papers' time 1 − t is 0, to t."""
    return BETA_MIN * (1 - t) + (BETA_MAX - BETA_MIN) * (1 - t).square() / 2


def _diffusion_alpha(t: Tensor) -> Tensor:
    return (-_integral(t) / 2).exp()


def _diffusion_sigma(t: Tensor) -> Tensor:
    return (-(-_integral(t)).expm1()).sqrt()


def _diffusion_sigma_rate(t: Tensor) -> Tensor:
    t = t.clamp(max=LATEST)
    return -_diffusion_alpha(t).square() * _beta(t) / (2 * _diffusion_sigma(t))


DIFFUSION = Path(
    alpha=_diffusion_alpha,
    sigma=_diffusion_sigma,
    alpha_rate=lambda t: _diffusion_alpha(t) * _beta(t) / 2,
    sigma_rate=_diffusion_sigma_rate,
    law=lambda p: LATEST * p,
)
"""The path of a diffusion model with a linear β, with which Lipman et al. compare theirs (eq. 19, *VP*). It is mostly
noise for most of the time. At t = 0, α is .007 instead of 0. Towards t = 1, σ' grows like 1/√(1 − t), so that a mean of
squares has no limit: as in the paper's appendix E, training stops shortly before."""


def variance_exploding(sigma_max: float) -> Path:
    """Noise on data that keep their scale: x_t = x1 + σ_max (1 − t) x0, for noise at least as wide as the data.

    σ falls at a constant rate, as in Karras et al., arXiv 2206.00364, table 1, since the velocities of a geometric
    schedule (Song et al., arXiv 2011.13456; Lipman et al., eq. 16) differ a hundredfold in size. Samples start from
    N(0, σ_max²), without the data that the path has there. For σ_max = 2.5 and data of a standard deviation of 1.5 that
    costs .04 nats: the Kullback-Leibler divergence of Gaussians of these variances.
    """
    return Path(
        alpha=torch.ones_like,
        sigma=lambda t: sigma_max * (1 - t),
        alpha_rate=torch.zeros_like,
        sigma_rate=lambda t: torch.full_like(t, -sigma_max),
    )


def drawn(alpha: Sequence[float], sigma: Sequence[float]) -> Path:
    """The path through values of α and σ at evenly spaced times between the ends. The values of σ must be positive."""
    curves = (pchip([0, *alpha, 1]), pchip([1, *sigma, 0]))
    (alpha_at, alpha_rate), (sigma_at, sigma_rate) = curves
    return Path(alpha_at, sigma_at, alpha_rate, sigma_rate)


def cubics(values: Sequence[float]) -> Tensor:
    """The coefficients (4, pieces) of cubic pieces through values at evenly spaced times, each in its own time from 0
    to 1, by powers. They are monotone wherever the values are, and so stay between their neighbours (Fritsch & Butland
    1984, with the end slopes of Moler, *Numerical Computing with MATLAB*, §3.6)."""
    pieces = len(values) - 1
    secants = [(after - before) * pieces for before, after in pairwise(values)]
    inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(secants)]
    slopes = torch.tensor([_end(*secants[:2]), *inner, _end(*secants[:-3:-1])], dtype=torch.float64) / pieces
    y, m = torch.tensor(values, dtype=torch.float64), slopes
    rise = y[1:] - y[:-1]
    return torch.stack([y[:-1], m[:-1], 3 * rise - 2 * m[:-1] - m[1:], m[:-1] + m[1:] - 2 * rise])


def pchip(values: Sequence[float]) -> tuple[Curve, Curve]:
    """The curve through values at evenly spaced times from 0 to 1, and its derivative, see `cubics`."""
    pieces, cubic = len(values) - 1, cubics(values)

    @lru_cache(maxsize=8)
    def placed(device: torch.device, dtype: torch.dtype) -> Tensor:
        return cubic.to(device, dtype)

    def at(t: Tensor) -> tuple[Tensor, list[Tensor]]:
        piece = (t * pieces).floor().clamp(0, pieces - 1)
        return t * pieces - piece, list(placed(t.device, t.dtype)[:, piece.long()])

    def curve(t: Tensor) -> Tensor:
        own, (a, b, c, d) = at(t)
        return a + own * (b + own * (c + own * d))

    def rate(t: Tensor) -> Tensor:
        own, (_, b, c, d) = at(t)
        return pieces * (b + own * (2 * c + own * 3 * d))

    return curve, rate


def _end(first: float, second: float) -> float:
    """The slope at an end: that of a parabola through three values, unless it overshoots."""
    slope = (3 * first - second) / 2
    if slope * first <= 0:
        return 0.0
    return 3 * first if first * second <= 0 and abs(slope) > 3 * abs(first) else slope


def widened(path: Path, sigma_min: float) -> Path:
    """The path that ends in a Gaussian of width σ_min around each data point, instead of in the point (Lipman et al.,
    eq. 20–22, for any path): σ falls to σ_min instead of 0."""
    if sigma_min == 0:
        return path
    share = 1 - sigma_min / float(path.sigma(torch.zeros(1)))
    curves = dataclasses.asdict(path) | {
        "sigma": lambda t: sigma_min + share * path.sigma(t),
        "sigma_rate": lambda t: share * path.sigma_rate(t),
    }
    return Path(**curves)


def seen_at(path: Path, times: str) -> Path:
    """The path, which training sees at times of another distribution, one of `TIMES`. A path whose own law leaves out
    its end still does."""
    if times == "uniform":
        return path
    return dataclasses.replace(path, law=lambda p: path.law(TIMES[times](p)))


def path_of(name: str, drawn_path: tuple[Sequence[float], Sequence[float]], sigma_max: float, sigma_min: float) -> Path:
    """The path of this name, one of PATHS."""
    made = {"variance_exploding": lambda: variance_exploding(sigma_max), "drawn": lambda: drawn(*drawn_path)}
    return widened(made[name]() if name in made else PATHS[name], sigma_min)


PATHS = {"straight": STRAIGHT, "trigonometric": TRIGONOMETRIC, "eased": EASED, "diffusion": DIFFUSION}
