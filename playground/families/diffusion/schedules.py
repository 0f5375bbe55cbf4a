"""Noise schedules: the signal-to-noise ratio as a function of the diffusion papers' time.

In the diffusion family a noised point is x_t = α x0 + σ ε with α² + σ² = 1, so that the plots of all schedules have the
same scale. A schedule is then one curve, the log signal-to-noise ratio λ = log(α²/σ²) as a function of the papers' time
u, which runs from data (0) to noise (1): Kingma et al., *Variational Diffusion Models*, 2021, arXiv 2107.00630, §3–4.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import torch
from torch import Generator, Tensor
from torch.nn.functional import logsigmoid


def clock(t: Tensor, noise_end: float = 1.0) -> Tensor:
    """The papers' time u at the page's time t: t runs from noise (0) to data (1), u in the opposite direction.

    noise_end: the value of u at t = 0; with a value below 1, some signal remains.
    """
    return noise_end * (1 - t)


@dataclass(frozen=True)
class Level:
    """A noise level as plain numbers, for samplers, which use the same level for all points."""

    log_snr: float

    @cached_property
    def alpha(self) -> float:
        return 1 / math.sqrt(1 + math.exp(-self.log_snr))

    @cached_property
    def sigma(self) -> float:
        return 1 / math.sqrt(1 + math.exp(self.log_snr))

    @cached_property
    def angle(self) -> float:
        """φ = arctan(σ / α), from 0 (data) to π/2 (noise)."""
        return math.atan(self.edm)

    @cached_property
    def edm(self) -> float:
        """σ / α: the noise level of EDM, where noise is added to unscaled data (Karras et al.)."""
        return math.exp(-self.log_snr / 2)


def alpha_sigma(log_snr: Tensor) -> tuple[Tensor, Tensor]:
    """(α, σ) at λ: α² = sigmoid(λ), σ² = sigmoid(−λ)."""
    return (logsigmoid(log_snr) / 2).exp(), (logsigmoid(-log_snr) / 2).exp()


def preserve(x: Tensor, sigma: float) -> Tensor:
    """Convert a point of EDM, x0 + σ ε, to variance-preserving diffusion: (x0 + σ ε) / √(1 + σ²), at the same λ.

    EDM's schedule and sampler therefore differ only in units. The inverse is multiplication by √(1 + σ²).
    """
    return x / math.sqrt(1 + sigma**2)


# The curves λ(u), decreasing from data to noise. In float64, since 1 − ᾱ is tiny near the data.

BETA_MIN, BETA_MAX = 0.1, 20.0


def linear(u: Tensor) -> Tensor:
    """ᾱ = exp(−∫β) with β increasing linearly: Ho et al., arXiv 2006.11239, §4 (β from 1e-4 to .02 in 1,000 steps), in
    the continuous limit: Song et al., arXiv 2011.13456, eq. 32–33."""
    return torch.logit((-(BETA_MIN * u + (BETA_MAX - BETA_MIN) * u**2 / 2)).exp())


def cosine(u: Tensor) -> Tensor:
    """ᾱ = f(u) / f(0), f(u) = cos²((u + s) / (1 + s) · π/2), s = .008: Nichol & Dhariwal, arXiv 2102.09672, eq. 17."""
    s = 0.008
    return torch.logit((((u + s) / (1 + s) * math.pi / 2).cos() / math.cos(s / (1 + s) * math.pi / 2)).square())


SIGMOID_ENDS = torch.sigmoid(torch.tensor([-3.0, 3.0], dtype=torch.float64)).tolist()


def sigmoid(u: Tensor) -> Tensor:
    """ᾱ is a logistic curve from −3 to 3, rescaled to end at 1 and 0: Jabri et al., arXiv 2212.11972, with temperature
    1; given explicitly in Chen, arXiv 2301.10972, algorithm 1."""
    start, end = SIGMOID_ENDS
    return torch.logit((end - torch.sigmoid(6 * u - 3)) / (end - start))


SIGMA_MIN, SIGMA_MAX, RHO = 0.002, 80.0, 7


def edm(u: Tensor) -> Tensor:
    """σ_EDM^(1/ρ) is linear in u, from .002 to 80, ρ = 7: Karras et al., arXiv 2206.00364, eq. 5. λ = −2 log σ_EDM."""
    low, high = SIGMA_MIN ** (1 / RHO), SIGMA_MAX ** (1 / RHO)
    return -2 * RHO * (low + u * (high - low)).log()


Curve = Callable[[Tensor], Tensor]


def spanned(curve: Curve) -> Curve:
    """The part of a curve between the end levels of EDM's, with time rescaled to [0, 1].

    The other curves have infinite λ at their ends. After rescaling, all schedules cover the same noise levels at
    different rates: from less than a pixel of noise to 1% of the signal.
    """
    begin, end = _moments(curve, -2 * torch.tensor([SIGMA_MIN, SIGMA_MAX], dtype=torch.float64).log()).tolist()
    return lambda u: curve(begin + u * (end - begin))


def _moments(curve: Curve, log_snr: Tensor) -> Tensor:
    """The times (n,) at which a decreasing curve has the values λ (n,), by bisection."""
    low, high = torch.zeros_like(log_snr), torch.ones_like(log_snr)
    for _ in range(60):
        middle = (low + high) / 2
        above = curve(middle) > log_snr
        low, high = torch.where(above, middle, low), torch.where(above, high, middle)
    return (low + high) / 2


SCHEDULES: dict[str, Curve] = {
    "linear": spanned(linear),
    "cosine": spanned(cosine),
    "sigmoid": spanned(sigmoid),
    "edm": edm,
}


def log_snr(schedule: str, t: Tensor, noise_end: float = 1.0) -> Tensor:
    """λ at the page's times t, in t's type."""
    return SCHEDULES[schedule](clock(t.double(), noise_end)).to(t.dtype)


def log_snr_rate(schedule: str, t: Tensor, noise_end: float = 1.0) -> Tensor:
    """dλ/dt in the page's time, in t's type, by differentiating the curve. Positive: the signal increases with t."""
    with torch.enable_grad():
        moment = t.detach().double().requires_grad_()
        (rate,) = torch.autograd.grad(log_snr(schedule, moment, noise_end).sum(), moment)
    return rate.to(t.dtype)


# The levels of a sampler.

CLEAN = Level(math.inf)
"""No noise: where sampling ends."""

LAST_SIGMA = {"angle": 0.007, "karras": 0.02}
"""σ_EDM before the last step, by spacing, on a canvas eight units wide. The last step ends at the denoised point, which
leaves w / √(w² + σ²) of a width w: with .02, .46 of .01. Heun's other steps thicken what is thin, and with .007 both
cancel: at widths from .01, ten steps with the exact denoiser of a line keep .99 to 1.06. With EDM's .002, ten steps
leave less for the levels at which the data take shape; of Karras et al.'s spacing this is so with .007, too.
"""

ANGLE_RHO = 3
"""ρ of the spacing in the angle. With 4 or more, too few levels are left for the noise in which samples choose where
they go; with 2, thin data are thicker."""


@lru_cache(maxsize=256)
def sampling_times(schedule: str, noise_end: float, steps: int, spacing: str) -> Tensor:
    """The page's times of a sampler's levels from noise (0) to data (1), (steps + 1,). The last level is CLEAN.

    spacing: "angle": φ^(1/ρ) is evenly spaced, φ = arctan σ_EDM, down to LAST_SIGMA, whatever the schedule of the
    training. "karras": the same of σ_EDM^(1/ρ): Karras et al., arXiv 2206.00364, eq. 5. "schedule": the times are
    evenly spaced.

    The angle is finite where only noise is left, so that the first step goes to levels at which the data begin to
    matter. With the exact denoiser of a blob and a cluster of 2%, ten steps of Heun leave the cluster 5% too light,
    with Karras et al.'s spacing 13%. Samplers that step in σ or λ need smaller first steps: that spacing suits them.
    """
    if spacing == "schedule" or steps == 1:
        return torch.linspace(0, 1, steps + 1)
    curve = SCHEDULES[schedule]
    first = math.exp(-float(curve(torch.tensor(noise_end, dtype=torch.float64))) / 2)
    ends = torch.tensor([first, min(LAST_SIGMA[spacing], first / 2)], dtype=torch.float64)
    sigmas = _evenly(ends.atan(), ANGLE_RHO, steps).tan() if spacing == "angle" else _evenly(ends, RHO, steps)
    between = 1 - _moments(curve, -2 * sigmas[1:].log()) / noise_end
    return torch.cat([between.new_zeros(1), between, between.new_ones(1)]).float()


def _evenly(ends: Tensor, rho: float, n: int) -> Tensor:
    """n values from ends[0] to ends[1] whose power 1/ρ is evenly spaced."""
    high, low = ends.pow(1 / rho).tolist()
    return torch.linspace(high, low, n, dtype=torch.float64) ** rho


# The forward process.


def forward_chain(x0: Tensor, log_snr: Tensor, generator: Generator) -> Tensor:
    """The Markov chain q(x_s | x_t) = N(κ x_t, σ_s² − κ² σ_t²), κ = α_s/α_t, that adds noise step by step: Ho et al.,
    eq. 2, between any two levels (Kingma et al. 2021, arXiv 2107.00630, eq. 20).

    x0 (n, dim) at each of the decreasing levels λ (k,): (k, n, dim). Each row is distributed as α x0 + σ ε.
    """
    alpha, sigma = alpha_sigma(log_snr)
    kept = alpha / torch.cat([alpha.new_ones(1), alpha[:-1]])
    before = torch.cat([sigma.new_zeros(1), sigma[:-1]])
    added = (sigma.square() - (kept * before).square()).clamp(min=0).sqrt()
    places = [x0]
    for share, spread in zip(kept.tolist(), added.tolist(), strict=True):
        fresh = torch.randn(x0.shape, generator=generator, device=x0.device, dtype=x0.dtype)
        places.append(share * places[-1] + spread * fresh)
    return torch.stack(places[1:])


# The distribution of noise levels in training.

SIGMA_DATA = 1.5
"""Typical standard deviation of a data set in canvas coordinates (1.3 to 2.2); EDM's constants are relative to it."""

P_MEAN, P_STD = -1.2 + math.log(SIGMA_DATA / 0.5), 1.2
"""Mean and standard deviation of ln σ_EDM, normally distributed in training: Karras et al., table 1, shifted from data
of standard deviation .5 to SIGMA_DATA."""


def training_log_snr(schedule: str, p: Tensor, noise_end: float = 1.0) -> Tensor:
    """The quantiles p (n,), in (0, 1), of the noise levels in training, as λ in p's type.

    Levels are uniform in time; for EDM, σ is log-normal, truncated at the ends of the schedule.
    """
    if schedule != "edm":
        return log_snr(schedule, 1 - p, noise_end)
    low, high = edm_ends(noise_end)
    return (-2 * (P_MEAN + P_STD * torch.special.ndtri(low + p.double() * (high - low)))).to(p.dtype)


@lru_cache(maxsize=256)
def edm_ends(noise_end: float) -> tuple[float, float]:
    """The probabilities, under EDM's law, of noise levels below the ends of the schedule: at the data, and at t = 0."""
    ends = -log_snr("edm", torch.tensor([1.0, 0.0], dtype=torch.float64), noise_end) / 2
    low, high = torch.special.ndtr((ends - P_MEAN) / P_STD).tolist()
    return low, high
