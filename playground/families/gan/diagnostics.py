"""Diagnostics of the game: the generator's gradient, and which side is ahead."""

import torch
from torch import Tensor

from playground.families.gan.objectives import Critic, Objective


def generator_gradient(critic: Critic, objective: Objective, x: Tensor, real: Tensor | None = None) -> Tensor:
    """−∇ₓ of the generator's loss for a fake at each of the points x (n, dim), the direction it is moved in: (n, dim).

    real (m, dim): points with whose mean logit a relativistic objective compares; the default is a logit of 0, which
    changes the length of the gradient but not its direction.
    """
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        fake = critic(x)
        compared = fake.new_zeros(()) if real is None else critic(real).mean().detach()
        (gradient,) = torch.autograd.grad(objective.generator(compared, fake).sum(), x)
    return -gradient


def signals(critic: Critic, objective: Objective, real: Tensor, fake: Tensor) -> dict[str, float]:
    """The state of the game on real and fake points (n, dim) each, for any objective.

    accuracy: how often a real point has a higher logit than a fake: ½ is a draw, 1 a discriminator that has won.
    logit_gap: the difference of the mean logits. gradient: the mean length of `generator_gradient` on the fakes.
    """
    with torch.no_grad():
        ours, theirs = critic(real).contiguous(), critic(fake).sort().values
    below = torch.searchsorted(theirs, ours) + torch.searchsorted(theirs, ours, right=True)
    return {
        "accuracy": float(below.double().mean()) / (2 * len(theirs)),  # ties count half
        "logit_gap": float(ours.mean() - theirs.mean()),
        "gradient": float(generator_gradient(critic, objective, fake, real).norm(dim=1).mean()),
    }
