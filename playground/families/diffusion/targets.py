"""Prediction targets and loss weights of the diffusion family.

Salimans & Ho, *Progressive Distillation for Fast Sampling of Diffusion Models*, ICLR 2022, arXiv 2202.00512, §4 and
appendix D; Hang et al., *Efficient Diffusion Training via Min-SNR Weighting Strategy*, arXiv 2303.09556; Karras et al.,
arXiv 2206.00364, table 1. Each x̂0 is affine in x_t = α x0 + σ ε and the network's output, so that two coefficients
define a target.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from playground.families.diffusion.schedules import SIGMA_DATA, alpha_sigma


@dataclass(frozen=True)
class Target:
    """The target of a network F, defined by x̂0, the denoised point: x̂0 = skip(α, σ) x + scale(α, σ) F.

    The regression target of F is therefore (x0 − skip x) / scale, and an error in F changes x̂0 by scale times that
    error. feed(α, σ): the factor of the network's input x. All are functions of tensors (n,).
    """

    skip: Callable[[Tensor, Tensor], Tensor]
    scale: Callable[[Tensor, Tensor], Tensor]
    feed: Callable[[Tensor, Tensor], Tensor] = lambda alpha, sigma: torch.ones_like(alpha)

    def x0_hat(self, answer: Tensor, x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """x̂0 (n, dim) for a network output `answer` at x."""
        return self.skip(alpha, sigma)[:, None] * x + self.scale(alpha, sigma)[:, None] * answer

    def regression_target(self, x0: Tensor, x: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """The correct network output at x for data x0: the inverse of `x0_hat`."""
        return (x0 - self.skip(alpha, sigma)[:, None] * x) / self.scale(alpha, sigma)[:, None]


def spread(alpha: Tensor, sigma: Tensor) -> Tensor:
    """The standard deviation of x_t for data of standard deviation SIGMA_DATA."""
    return (alpha.square() * SIGMA_DATA**2 + sigma.square()).sqrt()


TARGETS: dict[str, Target] = {
    # ε = (x − α x0) / σ
    "noise": Target(lambda a, s: 1 / a, lambda a, s: -s / a),
    "data": Target(lambda a, s: torch.zeros_like(a), lambda a, s: torch.ones_like(a)),
    # v = α ε − σ x0, so x0 = α x − σ v (Salimans & Ho, appendix D)
    "velocity": Target(lambda a, s: a, lambda a, s: -s),
    # Karras et al., table 1, "Ours", with x0 + σ_EDM ε = x / α and σ_EDM = σ / α; equals velocity for σ_data = 1
    "edm": Target(
        lambda a, s: a * SIGMA_DATA**2 / spread(a, s).square(),
        lambda a, s: SIGMA_DATA * s / spread(a, s),
        lambda a, s: 1 / spread(a, s),
    ),
}

MIN_SNR = 5.0

WEIGHTS: dict[str, Callable[[Tensor], Tensor]] = {
    # The weight of ‖x̂0 − x0‖² at a signal-to-noise ratio: Salimans & Ho, §4, and Hang et al., arXiv 2303.09556.
    "snr": lambda snr: snr,  # the weight of an unweighted noise loss
    "truncated_snr": lambda snr: snr.clamp(min=1),
    "min_snr": lambda snr: snr.clamp(max=MIN_SNR),
    "snr_plus_one": lambda snr: snr + 1,  # the weight of an unweighted velocity loss
}


def weight(weighting: str, target: str, log_snr: Tensor) -> Tensor:
    """w(λ), the weight of ‖x̂0 − x0‖². "plain" weights all errors of the network's output equally."""
    if weighting == "plain":
        return TARGETS[target].scale(*alpha_sigma(log_snr)).square().reciprocal()
    return WEIGHTS[weighting](log_snr.exp())
