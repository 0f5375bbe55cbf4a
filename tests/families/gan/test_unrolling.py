"""Unrolling against a derivation by hand and finite differences."""

import torch
from torch import nn

from playground.families.gan.objectives import unrolled
from tests.families.draws import normal, seeded
from tests.families.gan.models import DOUBLE, numerical, tiny


def test_unrolling_by_hand():
    """D(x) = w·x, and both sides' losses are those of a Wasserstein game: each step moves w by η (x̄ − ḡ). So the
    generator's loss is −(w + kη (x̄ − ḡ))·ḡ, and its gradient in ḡ is −w − kη (x̄ − 2ḡ), the second term of which
    only a generator knows that sees through the discriminator's steps."""
    d = nn.Linear(2, 1, bias=False)
    real, fake = normal(5, 2, seed=1), normal(5, 2, seed=2).requires_grad_()
    k, eta = 3, 0.25

    def loss(critic):
        return (critic(fake) - critic(real)).mean()

    after = unrolled(d, loss, k, eta)
    w, x, g = d.weight[0].detach(), real.mean(0), fake.mean(0).detach()
    probes = normal(4, 2, seed=3)
    assert torch.allclose(after(probes)[:, 0], probes @ (w + k * eta * (x - g)), atol=1e-6)
    (gradient,) = torch.autograd.grad(-after(fake).mean(), fake)
    assert torch.allclose(gradient.sum(0), -w - k * eta * (x - 2 * g), atol=1e-5)


def test_unrolled_generator_against_finite_differences():
    gan = tiny(unrolling=3, unrolling_rate=0.3)
    for part in (gan.discriminator.features, gan.discriminator.head, gan.generator):
        part[1] = nn.Softplus(2)
    gan, x = gan.double(), normal(6, 2, seed=1, dtype=DOUBLE)
    z = normal(6, 2, seed=2, dtype=DOUBLE)
    gan.latent = lambda n, generator: z
    bias = gan.generator[-1].bias

    def loss(value: torch.Tensor) -> float:
        with torch.no_grad():
            old = bias.clone()
            bias.copy_(value)
        found = float(gan.generator_loss(x, seeded()).detach())
        with torch.no_grad():
            bias.copy_(old)
        return found

    (gradient,) = torch.autograd.grad(gan.generator_loss(x, seeded()), bias)
    assert torch.allclose(gradient, numerical(loss, bias.detach().clone()), rtol=1e-4, atol=1e-7)
    gan.config = gan.config.model_copy(update={"unrolling": 0})
    (blind,) = torch.autograd.grad(gan.generator_loss(x, seeded()), bias)
    assert not torch.allclose(gradient, blind, rtol=0.05)
