"""The game between discriminator and generator: objectives, gradient penalties and unrolling.

Objectives, as functions of the discriminator's logits on real and on fake points: Goodfellow et al. 2014, arXiv
1406.2661; Mao et al., *LSGAN*, arXiv 1611.04076; Lim & Ye, *Geometric GAN*, arXiv 1705.02894 (hinge); Arjovsky et al.,
*Wasserstein GAN*, arXiv 1701.07875; Jolicoeur-Martineau, *The relativistic discriminator*, arXiv 1807.00734, in the
pairing of Huang et al., *R3GAN*, arXiv 2501.05441.

Penalties on the discriminator's gradient: Gulrajani et al., *WGAN-GP*, arXiv 1704.00028; Mescheder et al., *Which
training methods for GANs do actually converge?*, arXiv 1801.04406 (R1 and R2). Unrolling: Metz et al., *Unrolled GANs*,
arXiv 1611.02163.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Generator, Tensor, nn
from torch.func import functional_call
from torch.nn.functional import relu, softplus

Critic = Callable[[Tensor], Tensor]
"""A discriminator as a function from points (n, k) to logits (n,)."""


@dataclass(frozen=True)
class Objective:
    """The losses of one game: functions from logits on real and fake points, (n,) each, to losses (n,). The two sides
    minimise the means.

    paired: whether the generator's loss also depends on real points; if not, they may be omitted.
    boundary: the logit at which real and fake are equally likely, or None if only differences of logits matter.
    probability: whether the sigmoid of the logit is the probability of being real.
    """

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    paired: bool = False
    boundary: float | None = 0.0
    probability: bool = False


OBJECTIVES: dict[str, Objective] = {
    # The optimal logit is log(p/q), for data p and generator q. Goodfellow et al., eq. 1 and the end of section 3.
    "non_saturating": Objective(
        discriminator=lambda real, fake: softplus(-real) + softplus(fake),
        generator=lambda real, fake: softplus(-fake),
        probability=True,
    ),
    # p / (p + q). Mao et al., eq. 9, the coding with a = 0, b = c = 1.
    "least_squares": Objective(
        discriminator=lambda real, fake: ((real - 1).square() + fake.square()) / 2,
        generator=lambda real, fake: (fake - 1).square() / 2,
        boundary=0.5,
    ),
    # sign(p − q). Lim & Ye, section 2.
    "hinge": Objective(
        discriminator=lambda real, fake: relu(1 - real) + relu(1 + fake),
        generator=lambda real, fake: -fake,
    ),
    # The steepest slope between q and p under a gradient constraint; without a penalty there is no optimum. Arjovsky et
    # al., eq. 2 and 3.
    "wasserstein": Objective(
        discriminator=lambda real, fake: fake - real,
        generator=lambda real, fake: -fake,
        boundary=None,
    ),
    # log(p/q) up to a constant, since only pairs are compared. Huang et al., eq. 2.
    "relativistic": Objective(
        discriminator=lambda real, fake: softplus(fake - real),
        generator=lambda real, fake: softplus(real - fake),
        paired=True,
        boundary=None,
    ),
}


# Penalties.


def slopes(critic: Critic, x: Tensor) -> Tensor:
    """The squared norm (n,) of the critic's gradient at each of the points (n, k), differentiable in its weights."""
    x = x.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient.square().sum(1)


def zero_centred(critic: Critic, x: Tensor) -> Tensor:
    """½ E ‖∇D‖² over points x (n, k): R1 on real points and R2 on fakes, for γ = 1. Mescheder et al., eq. 9 and 10."""
    return slopes(critic, x).mean() / 2


def one_centred(critic: Critic, real: Tensor, fake: Tensor, generator: Generator) -> Tensor:
    """E (‖∇D‖ − 1)² at random interpolates of real and fake points (n, k) each, for λ = 1. Gulrajani et al., eq. 3."""
    share = torch.rand(len(real), 1, generator=generator, device=real.device, dtype=real.dtype)
    norms = (slopes(critic, torch.lerp(real, fake, share)) + 1e-12).sqrt()  # the root isn't differentiable at zero
    return (norms - 1).square().mean()


# Unrolling.


def unrolled(discriminator: nn.Module, loss: Callable[[Critic], Tensor], steps: int, rate: float) -> Critic:
    """The discriminator after `steps` steps of gradient descent on its loss. Metz et al., eq. 7.

    It is differentiable in everything that the loss depends on, so that the generator's gradient includes the
    discriminator's response to its update (eq. 9, both terms).
    """
    weights: dict[str, Tensor] = dict(discriminator.named_parameters())
    for _ in range(steps):
        now = loss(partial(functional_call, discriminator, weights))
        gradients = torch.autograd.grad(now, list(weights.values()), create_graph=True)
        weights = {key: w - rate * g for (key, w), g in zip(weights.items(), gradients, strict=True)}
    return partial(functional_call, discriminator, weights)
