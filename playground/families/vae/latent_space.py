"""Properties of a latent space: the distribution of codes, interpolations, and inactive dimensions.

The aggregate posterior q(z) = 1/n Σ_i q(z|x_i) is the distribution of latents that the decoder is trained on (Hoffman &
Johnson, *ELBO surgery*, 2016). A hole is a region where the prior has mass and q(z) has none. All functions take
tensors, independent of the model.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from playground.families.gaussian import log_normal

CHUNK = 1 << 22
"""Maximum number of (latent, posterior) pairs processed at once: 16 MB of float32 per latent dimension."""

ACTIVE = 0.01
"""Burda et al.'s threshold on the variance of the posterior mean (arXiv 1509.00519, section 5.2)."""


def log_aggregate(z: Tensor, means: Tensor, stds: Tensor, weights: Tensor | None = None) -> Tensor:
    """log q(z) at latents z (m, latents) under the posteriors with means and stds (n, latents), in nats: (m,).

    weights (n,): of the Gaussians, with sum 1; equal by default.
    """
    share = -math.log(len(means)) if weights is None else weights.log()
    rows = max(1, CHUNK // means.numel())
    parts = [(log_normal(part[:, None], means, stds).sum(-1) + share).logsumexp(1) for part in z.split(rows)]
    return torch.cat(parts)


def active(means: Tensor) -> Tensor:
    """Whether each dimension is an active unit: Var_x E[z|x] > 0.01, from posterior means (n, latents): (latents,)."""
    return means.var(0) > ACTIVE


# Interpolations between two latents, with `steps` ≥ 2 points including both ends: (steps, latents).

Interpolation = Literal["linear", "spherical", "dense"]


def linear(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """Linear interpolation from a to b (latents,)."""
    return torch.lerp(a, b, torch.linspace(0, 1, steps, device=a.device)[:, None])


def spherical(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """Spherical interpolation from a to b (latents,): an arc around 0 whose radius changes linearly. White, arXiv
    1609.04468.

    In many dimensions, points from N(0, I) lie near a sphere, which linear interpolation leaves. If there is no unique
    shortest arc (a or b is 0, or they are opposite), the interpolation is linear.
    """
    t = torch.linspace(0, 1, steps, device=a.device)[:, None]
    radii = a.norm(), b.norm()
    cosine = (a @ b) / (radii[0] * radii[1]).clamp(min=1e-12)
    angle = cosine.clamp(-1, 1).acos()
    if min(radii) < 1e-6 or not 1e-3 < angle < math.pi - 1e-3:
        return linear(a, b, steps)
    towards = (((1 - t) * angle).sin() * a / radii[0] + (t * angle).sin() * b / radii[1]) / angle.sin()
    return torch.lerp(radii[0], radii[1], t) * towards


def dense(
    a: Tensor, b: Tensor, steps: int, means: Tensor, stds: Tensor, pull: float = 0.5, rounds: int = 200
) -> Iterator[Tensor]:
    """An interpolation from a to b (latents,) through dense regions of codes: an elastic band in the potential
    −log q(z).

    It minimises (steps − 1)/2 · Σ ‖z_{i+1} − z_i‖² − pull · mean log q(z_i) with fixed ends, by `rounds` steps of Adam
    from a slightly bent line, so that it can leave a saddle. The band finds a local minimum, not always the global one.
    Yields the band before every step and at the end, since all steps together take a few tenths of a second.
    Gaussians narrower than a gap have no effect across it, so each is widened to at least a tenth of ‖b − a‖.
    """
    means, stds = means.detach(), stds.detach().clamp(min=0.1 * float((b - a).norm()))
    line = linear(a, b, steps)
    bend = torch.linspace(0, math.pi, steps, device=a.device).sin()[:, None]
    middle = (line + 1e-2 * bend * torch.ones_like(a))[1:-1].clone().requires_grad_()
    optimizer = torch.optim.Adam([middle], lr=0.02 * float((b - a).norm()) + 1e-6)
    for _ in range(rounds if len(middle) else 0):
        with torch.enable_grad():
            band = torch.cat([a[None], middle, b[None]])
            stretch = (steps - 1) / 2 * band.diff(dim=0).square().sum()
            energy = stretch - pull * log_aggregate(middle, means, stds).mean()
            (middle.grad,) = torch.autograd.grad(energy, [middle])
        yield band.detach()
        optimizer.step()
    yield torch.cat([a[None], middle.detach(), b[None]])


# Which dimensions are inactive, and why.

Reason = Literal["spare", "beta", "noise", "stuck"]

REASONS: dict[Reason, str] = {
    "spare": "There are more latent dimensions than directions in which the data varies.",
    "beta": "β is too high: this direction of the data is worth less than its price.",
    "noise": "The decoder's noise is too large: it hides this direction of the data.",
    "stuck": "The data would pay for it, but training has not begun to use it or has let it go: free bits or a longer "
    "warm-up help.",
}


@dataclass(frozen=True)
class InactiveUnit:
    """A latent dimension that carries no information, and the reason."""

    dimension: int
    rate: float
    reason: Reason


def inactive_units(
    means: Tensor, kl: Tensor, variances: Tensor, std: float, beta: float, learned: bool = True
) -> list[InactiveUnit]:
    """The inactive dimensions, each with its reason, from measurements only.

    means (n, latents): of the posteriors; a dimension is inactive if it isn't an active unit.
    kl (latents,): the rate of each dimension, in nats. variances (dim,): of the data along the principal directions.
    std: the decoder's s; learned: whether it is learned. beta: the weight of the rate.

    The rule is that of the linear model, which has a closed-form solution (Lucas et al., *Don't Blame the ELBO!*,
    NeurIPS 2019, arXiv 1911.02469; with β, s² becomes β s²): encoding a direction of variance λ lowers the loss if and
    only if λ > β s². The active dimensions encode the directions of largest variance; each inactive dimension is
    compared with the next direction. If there is none, the reason is "spare"; if λ > β s², "stuck"; if λ > s², so that
    the direction would be encoded at β = 1, "beta"; otherwise "noise".
    Learned noise grows with the variance that the latents omit; large noise is then a consequence of β > 1, and the
    reason is "beta". For nonlinear data, where a decoder can distribute a direction over latents or combine several in
    one, the reason is a heuristic.
    """
    inactive = (~active(means)).nonzero()[:, 0].tolist()
    left = variances.sort(descending=True).values.tolist()[len(kl) - len(inactive) :]
    return [
        InactiveUnit(
            dimension, float(kl[dimension]), _reason(left[i] if i < len(left) else None, std**2, beta, learned)
        )
        for i, dimension in enumerate(inactive)
    ]


def _reason(variance: float | None, noise: float, beta: float, learned: bool) -> Reason:
    if variance is None:
        return "spare"
    if variance > beta * noise:
        return "stuck"
    return "beta" if variance > noise or (learned and beta > 1) else "noise"
