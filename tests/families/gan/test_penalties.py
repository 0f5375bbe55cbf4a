"""A GAN's penalties against closed forms and finite differences."""

import pytest
import torch
from torch import nn

from playground.families.gan.discriminator import pack
from playground.families.gan.objectives import one_centred, slopes, zero_centred
from tests.families.draws import normal, seeded
from tests.families.gan.models import DOUBLE, numerical, tiny


def test_slopes_of_a_known_function():
    """D(x) = a·x + ½ xᵀBx has the gradient a + Bx."""
    a, root = normal(3, dtype=DOUBLE), normal(3, 3, seed=1, dtype=DOUBLE)
    b, x = root + root.T, normal(20, 3, seed=2, dtype=DOUBLE)
    found = slopes(lambda x: x @ a + ((x @ b) * x).sum(1) / 2, x)
    assert torch.allclose(found, (a + x @ b).square().sum(1))
    penalty = zero_centred(lambda x: x @ a, x)
    assert float(penalty.detach()) == pytest.approx(float(a.square().sum()) / 2)
    for scale in (0.5, 3.0):
        unit = scale * a / a.norm()
        penalty = one_centred(lambda x, u=unit: x @ u, x, 2 * x, seeded())
        assert float(penalty) == pytest.approx((scale - 1) ** 2)


def test_the_gradient_penalty_looks_between():
    seen = []

    def critic(x):
        seen.append(x.detach())
        return x.sum(1)

    real, fake = torch.zeros(500, 1), torch.ones(500, 1)
    one_centred(critic, real, fake, seeded())
    (places,) = seen
    assert 0 <= places.min() < 0.05 < 0.95 < places.max() <= 1
    assert float(places.mean()) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("name", ["r1", "r2", "gradient_penalty"])
def test_penalties_gradients_against_finite_differences(name):
    """Of the whole discriminator's loss, in the weights of one layer. Smooth bends, so that differences exist."""
    gan = tiny(packing=2, penalty_every=3, **({"r1": 0} | {name: 0.7}))
    for part in (gan.discriminator.features, gan.discriminator.head):
        part[1] = nn.Softplus(2)
    gan, x = gan.double(), normal(10, 2, seed=1, dtype=DOUBLE)
    weight = gan.discriminator.head[0].weight
    real, fake = pack(x, 2), pack(x.roll(3, 0) + 1, 2)

    def penalty(value: torch.Tensor) -> float:
        with torch.no_grad():
            old = weight.clone()
            weight.copy_(value)
        found = float(gan.penalty(real, fake, seeded(4)).detach())
        with torch.no_grad():
            weight.copy_(old)
        return found

    (gradient,) = torch.autograd.grad(gan.penalty(real, fake, seeded(4)), weight)
    wanted = numerical(penalty, weight.detach().clone())
    assert torch.allclose(gradient, wanted, rtol=1e-4, atol=1e-6)
    assert gradient.abs().max() > 1e-3


def test_lazy_penalties_weigh_as_much_more():
    """StyleGAN2: every fourth step pays four times, the others nothing, so that the mean is the same."""
    gan, real, fake = tiny(r1=1, r2=0.5), normal(8, 2), normal(8, 2, seed=1)
    paid = []
    for every in (1, 4):
        gan.config = gan.config.model_copy(update={"penalty_every": every})
        total = 0.0
        for gan.step in range(8):
            total += float(gan.penalty(real, fake, seeded()).detach())
        paid.append(total)
    assert paid[0] == pytest.approx(paid[1])
    assert paid[0] > 0
    gan.step = 3
    assert gan.penalty(real, fake, seeded()) == 0
