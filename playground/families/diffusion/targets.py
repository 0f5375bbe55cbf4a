"""What a denoising network answers with, and what its errors count: targets and weights of the diffusion family.

Salimans & Ho, *Progressive Distillation for Fast Sampling of Diffusion Models*, ICLR 2022, arXiv 2202.00512, §4 and
appendix D; Hang et al., *Efficient Diffusion Training via Min-SNR Weighting Strategy*, arXiv 2303.09556; Karras et al.,
arXiv 2206.00364, table 1. All is affine in x_t = α x0 + σ ε, so that one pair of numbers makes a target.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.families.diffusion.schedules import SIGMA_DATA, alpha_sigma


@dataclass(frozen=True)
class Target:
    """What a network F is to answer with, by the clean point that follows: x̂0 = skip(α, σ) x + scale(α, σ) F.

    Everything else follows, too: F's target is (x0 − skip x) / scale, and an error in F is one of scale times its size
    in x̂0. feed(α, σ): what x is multiplied with before the network sees it. All of tensors (n,).
    """

    skip: Callable[[Tensor, Tensor], Tensor]
    scale: Callable[[Tensor, Tensor], Tensor]
    feed: Callable[[Tensor, Tensor], Tensor] = lambda alpha, sigma: torch.ones_like(alpha)

    def x0_hat(self, answer: Tensor, x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """x̂0 (n, dim) if the network answers that at x."""
        return self.skip(alpha, sigma)[:, None] * x + self.scale(alpha, sigma)[:, None] * answer

    def regression_target(self, x0: Tensor, x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """What the network should answer at x if the clean point is x0: the inverse of `x0_hat`."""
        return (x0 - self.skip(alpha, sigma)[:, None] * x) / self.scale(alpha, sigma)[:, None]


def spread(alpha: Tensor, sigma: Tensor) -> Tensor:
    """The standard deviation of x_t if that of the data is SIGMA_DATA."""
    return (alpha.square() * SIGMA_DATA**2 + sigma.square()).sqrt()


TARGETS: dict[str, Target] = {
    # ε = (x − α x0) / σ
    "noise": Target(lambda a, s: 1 / a, lambda a, s: -s / a),
    "data": Target(lambda a, s: torch.zeros_like(a), lambda a, s: torch.ones_like(a)),
    # v = α ε − σ x0, so x0 = α x − σ v (Salimans & Ho, appendix D)
    "velocity": Target(lambda a, s: a, lambda a, s: -s),
    # Karras et al., table 1, "Ours", with x0 + σ_EDM ε = x / α and σ_EDM = σ / α; velocity, if σ_data were 1
    "edm": Target(
        lambda a, s: a * SIGMA_DATA**2 / spread(a, s).square(),
        lambda a, s: SIGMA_DATA * s / spread(a, s),
        lambda a, s: 1 / spread(a, s),
    ),
}

MIN_SNR = 5.0

WEIGHTS: dict[str, Callable[[Tensor], Tensor]] = {
    # What ‖x̂0 − x0‖² counts at a signal-to-noise ratio: Salimans & Ho, §4, and Hang et al., arXiv 2303.09556.
    "snr": lambda snr: snr,  # that of noise
    "truncated_snr": lambda snr: snr.clamp(min=1),
    "min_snr": lambda snr: snr.clamp(max=MIN_SNR),
    "snr_plus_one": lambda snr: snr + 1,  # that of velocity
}


def weight(weighting: str, target: str, log_snr: Tensor) -> Tensor:
    """w(λ), what ‖x̂0 − x0‖² counts. "plain" counts every error in the network's own target alike."""
    if weighting == "plain":
        return TARGETS[target].scale(*alpha_sigma(log_snr)).square().reciprocal()
    return WEIGHTS[weighting](log_snr.exp())
