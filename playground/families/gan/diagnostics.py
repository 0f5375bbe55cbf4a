"""How the game stands: what the discriminator tells the generator, and who is ahead."""

import torch
from torch import Tensor

from playground.families.gan.objectives import Critic, Objective


def generator_gradient(critic: Critic, objective: Objective, x: Tensor, real: Tensor | None = None) -> Tensor:
    """−∇ₓ of the generator's loss of a fake at each of the points (n, dim): where it is sent, (n, dim).

    real (m, dim): points that a relativistic objective compares with, by their mean logit; without them it is taken for
    0, which changes the length but not the direction.
    """
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        fake = critic(x)
        compared = fake.new_zeros(()) if real is None else critic(real).mean().detach()
        (gradient,) = torch.autograd.grad(objective.generator(compared, fake).sum(), x)
    return -gradient


def signals(critic: Critic, objective: Objective, real: Tensor, fake: Tensor) -> dict[str, float]:
    """How the game stands, on real and fake points (n, dim) each, whatever the objective.

    accuracy: how often a real point has a higher logit than a fake: ½ is a draw, 1 a discriminator that has won.
    logit_gap: the difference of the mean logits. gradient: the mean length of `generator_gradient` on the fakes.
    """
    with torch.no_grad():
        ours, theirs = critic(real).contiguous(), critic(fake).sort().values
    below = torch.searchsorted(theirs, ours) + torch.searchsorted(theirs, ours, right=True)
    return {
        "accuracy": float(below.double().mean()) / (2 * len(theirs)),  # those that are equal count half
        "logit_gap": float(ours.mean() - theirs.mean()),
        "gradient": float(generator_gradient(critic, objective, fake, real).norm(dim=1).mean()),
    }
