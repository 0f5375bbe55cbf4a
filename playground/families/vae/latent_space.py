"""What is seen of a latent space: where the codes lie, ways through it, and which of its dimensions are inactive.

The aggregate posterior q(z) = 1/n Σ_i q(z|x_i) is what the decoder has learned to answer to (Hoffman & Johnson, *ELBO
surgery*, 2016); where the prior has mass and q(z) has none, there is a hole. Functions of tensors, whatever model they
come from.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from playground.families.vae.priors import log_normal

CHUNK = 1 << 22
"""Most (latent, posterior) pairs that are weighed at once: 16 MB of float32 for each latent dimension."""

ACTIVE = 0.01
"""Burda et al.'s threshold on the variance of the posterior mean (arXiv 1509.00519, section 5.2)."""


def log_aggregate(z: Tensor, means: Tensor, stds: Tensor, weights: Tensor | None = None) -> Tensor:
    """log q(z) at latents z (m, latents) under the posteriors with means and stds (n, latents), in nats: (m,).

    weights (n,), which sum to 1: of each Gaussian; equal unless given.
    """
    share = -math.log(len(means)) if weights is None else weights.log()
    rows = max(1, CHUNK // means.numel())
    parts = [(log_normal(part[:, None], means, stds).sum(-1) + share).logsumexp(1) for part in z.split(rows)]
    return torch.cat(parts)


def active(means: Tensor) -> Tensor:
    """Whether each dimension is an active unit: Var_x E[z|x] > 0.01, from posterior means (n, latents): (latents,)."""
    return means.var(0) > ACTIVE


# Ways between two latents, of `steps` ≥ 2 points each with both ends: (steps, latents).

Way = Literal["straight", "spherical", "dense"]


def straight(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """The straight line from a to b (latents,) at constant speed."""
    return torch.lerp(a, b, torch.linspace(0, 1, steps, device=a.device)[:, None])


def spherical(a: Tensor, b: Tensor, steps: int) -> Tensor:
    """The arc from a to b (latents,) around 0, with the distance from it changing evenly: White, arXiv 1609.04468.

    Points from N(0, I) in many dimensions lie near a sphere, which the straight line leaves. Where no arc is the
    shortest (one of both is 0, or they are opposite), it is the straight line.
    """
    t = torch.linspace(0, 1, steps, device=a.device)[:, None]
    radii = a.norm(), b.norm()
    cosine = (a @ b) / (radii[0] * radii[1]).clamp(min=1e-12)
    angle = cosine.clamp(-1, 1).acos()
    if min(radii) < 1e-6 or not 1e-3 < angle < math.pi - 1e-3:
        return straight(a, b, steps)
    towards = (((1 - t) * angle).sin() * a / radii[0] + (t * angle).sin() * b / radii[1]) / angle.sin()
    return torch.lerp(radii[0], radii[1], t) * towards


def dense(
    a: Tensor, b: Tensor, steps: int, means: Tensor, stds: Tensor, pull: float = 0.5, rounds: int = 200
) -> Iterator[Tensor]:
    """A way from a to b (latents,) that prefers where codes are: an elastic band, relaxed in the potential −log q(z).

    It minimises (steps − 1)/2 · Σ ‖z_{i+1} − z_i‖² − pull · mean log q(z_i) with both ends held: Adam, `rounds` steps,
    from a slightly bent line, so that it can leave a saddle. The band finds the valley beside it, not always the best.
    Yields the band before every step and at the end, since all steps together take a few tenths of a second.
    Gaussians narrower than a gap pull nothing over it, so q(z) is widened to at least a tenth of the way's length.
    """
    means, stds = means.detach(), stds.detach().clamp(min=0.1 * float((b - a).norm()))
    line = straight(a, b, steps)
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
    """A latent dimension that tells nothing, and why."""

    dimension: int
    rate: float
    reason: Reason


def inactive_units(
    means: Tensor, kl: Tensor, variances: Tensor, std: float, beta: float, learned: bool = True
) -> list[InactiveUnit]:
    """The inactive dimensions, each with its reason, from nothing but measurements.

    means (n, latents): of the posteriors; a dimension is inactive if it is no active unit.
    kl (latents,): the rate of each, in nats. variances (dim,): of the data along its principal directions.
    std: the decoder's s, and whether it is learned. beta: the weight of the rate.

    The rule is that of the linear model, where everything is known (Lucas et al., *Don't Blame the ELBO!*, NeurIPS
    2019, arXiv 1911.02469; with β, the decoder's noise costs β s²): a direction of variance λ is worth a latent if and
    only if λ > β s². Active dimensions hold the widest directions, and each inactive one is asked about the next:
    there is none, "spare"; λ > β s², it would be worth it, "stuck"; λ > s², it would be at β = 1, "beta"; else "noise".
    But noise that is learned grows over what the latents leave out: then it is a consequence of β > 1, and the reason
    is "beta". For curved data, whose directions a decoder can share among latents or fold into one, that is the first
    guess and no proof.
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
