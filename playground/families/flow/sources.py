"""Sources: the distributions that a flow starts from. Each has mean 0 and variance 1, or is a data set on the canvas.

Flow matching doesn't need Gaussian noise: it transports samples of any distribution to samples of any other (Tong et
al., TMLR 2024, arXiv 2302.00482, §3.1; Liu et al., *Rectified Flow*, ICLR 2023, arXiv 2209.03003).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Generator, Tensor

from playground.data import POINT_SETS, Drawing, NamedSet, title_of
from playground.data.distributions import log_mixture
from playground.families.gaussian import log_standard_normal

PLANAR = tuple(POINT_SETS)
"""The data sets that can be sources: those of points."""

TITLES = {"gaussian": "Gaussian noise", "uniform": "uniform noise", "drawing": "your own points"}
TITLES |= {name: title_of(name) for name in PLANAR}

DRAWN = 65_536
"""Points of a named set that are drawn once, from which batches are drawn."""

BRUSH = 0.05
"""Standard deviation of the Gaussian around each point of a drawing, in canvas units: a flow can't divide a point."""

EDGE = math.sqrt(3)
"""Uniform noise on [−√3, √3] has variance 1."""


@dataclass(frozen=True)
class Source:
    """draw: x0 (n, dim), in a floating-point type, from n, dim, a generator and the type. log_density: of points
    (n, dim) in nats (n,)."""

    draw: Callable[[int, int, Generator, torch.dtype], Tensor]
    log_density: Callable[[Tensor], Tensor]


def _gaussian(n: int, dim: int, generator: Generator, dtype: torch.dtype) -> Tensor:
    return torch.randn(n, dim, generator=generator, device=generator.device, dtype=dtype)


def _uniform(n: int, dim: int, generator: Generator, dtype: torch.dtype) -> Tensor:
    return EDGE * (2 * torch.rand(n, dim, generator=generator, device=generator.device, dtype=dtype) - 1)


def _log_uniform(x: Tensor) -> Tensor:
    inside = (x.abs() <= EDGE).all(1)
    return torch.where(inside, -x.shape[1] * math.log(2 * EDGE), -math.inf)


GAUSSIAN = Source(_gaussian, log_standard_normal)
UNIFORM = Source(_uniform, _log_uniform)


@lru_cache(maxsize=8)
def _pool(name: str, device: torch.device) -> Tensor:
    known = NamedSet(name=name)
    points, _ = known.distribution.sample(DRAWN, np.random.default_rng(0))
    return torch.as_tensor(known.normalizer.to_canvas(points), dtype=torch.float32, device=device)


def named(name: str) -> Source:
    """A data set of the plane, with its default settings, on the canvas."""
    known = NamedSet(name=name)
    normalizer = known.normalizer

    def draw(n: int, dim: int, generator: Generator, dtype: torch.dtype) -> Tensor:
        chosen = torch.randint(DRAWN, (n,), generator=generator, device=generator.device)
        return _pool(name, torch.device(generator.device))[chosen].to(dtype)

    def log_density(x: Tensor) -> Tensor:
        places = normalizer.from_canvas(x.detach().double().cpu().numpy())
        placed = np.isfinite(places).all(1)
        found = np.full(len(places), np.nan)
        found[placed] = known.distribution.log_density(places[placed]) - 2 * math.log(normalizer.scale)
        return torch.as_tensor(found).to(x)

    return Source(draw, log_density)


def drawing(text: str) -> Source:
    """The points of a drawing on the canvas, given as a link's text (`playground.data.link_text`), each as wide as a
    brush."""
    points = Drawing.decode(text).points.astype(np.float64)
    centres = torch.as_tensor(points)

    @lru_cache(maxsize=8)
    def placed(device: torch.device, dtype: torch.dtype) -> Tensor:
        return centres.to(device, dtype)

    def draw(n: int, dim: int, generator: Generator, dtype: torch.dtype) -> Tensor:
        chosen = torch.randint(len(centres), (n,), generator=generator, device=generator.device)
        return placed(torch.device(generator.device), dtype)[chosen] + BRUSH * _gaussian(n, dim, generator, dtype)

    def log_density(x: Tensor) -> Tensor:
        places = np.nan_to_num(x.detach().double().cpu().numpy(), nan=np.inf).clip(-1e9, 1e9)
        weights = np.full(len(points), 1 / len(points))
        return torch.as_tensor(log_mixture(places, points, np.full(len(points), BRUSH), weights)).to(x)

    return Source(draw, log_density)


@lru_cache(maxsize=64)
def source_of(name: str, text: str) -> Source:
    """The source of this name. text: the points of a "drawing"."""
    if name == "drawing":
        return drawing(text)
    return {"gaussian": GAUSSIAN, "uniform": UNIFORM}.get(name) or named(name)
