"""What is built into a discriminator: what each remedy does to its shapes, and what it costs."""

import pytest
import torch

from playground import Experiment, Run
from playground.families.gan.discriminator import Discriminator, SpectralLinear, pack
from playground.families.gan.gan import GAN, GANConfig
from playground.families.gan.objectives import slopes
from tests.families.draws import normal, seeded
from tests.families.gan.models import tiny


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_packing(size):
    x = torch.arange(22.0).view(11, 2)
    packs = pack(x, size)
    assert packs.shape == (11 // size, 2 * size)
    assert torch.equal(packs[1], x[size : 2 * size].flatten())
    gan = tiny(packing=size)
    assert gan.discriminator.features[0].in_features == 2 * size
    assert torch.allclose(gan.critic(x)[:1], gan.discriminator(x[:1].repeat(1, size)))


def test_spectral_normalisation_finds_the_largest_singular_value():
    torch.manual_seed(0)
    layer = SpectralLinear(30, 20)
    with torch.no_grad():
        layer.weight.mul_(7)
    layer.follow(200)
    used = (layer(torch.eye(30)) - layer.bias).detach().T
    assert float(torch.linalg.matrix_norm(used, 2)) == pytest.approx(1, abs=1e-4)
    before = layer.left.clone()
    layer(normal(4, 30))
    assert torch.equal(layer.left, before), "looking changes nothing"


@pytest.mark.training
def test_a_spectral_discriminator_is_1_lipschitz_even_after_training():
    config = {"width": 16, "depth": 2, "spectral_normalisation": "on", "r1": 0, "discriminator_learning_rate": 0.01}
    run = Run(Experiment(family="gan", dataset="ring", steps=40, config=config))
    while not run.done:
        run.advance()
    assert float(slopes(run.family.critic, normal(500, 2)).max().sqrt().detach()) < 1.05
    assert all(torch.equal(a, b) for a, b in zip(run.family.buffers(), run.averaged.buffers(), strict=True))


def test_minibatch_statistics_see_repeats():
    """The same point judged in a spread and in a collapsed batch; without statistics there is no difference."""
    torch.manual_seed(0)
    x = normal(64, 2)
    for on in (True, False):
        d = Discriminator(GAN.Config(width=16, depth=2), (2,), statistics=on)
        d.follow(x)
        wide, narrow = d(x)[0], d(x[:1].expand(64, 2))[0]
        assert bool(torch.isclose(wide, narrow)) is not on
        assert torch.allclose(d(x, alone=True)[:3], d(x[:3], alone=True)), "alone, the others don't matter"
        assert torch.allclose(d(x, alone=True), d(x), atol=1e-6), "the usual spread is that of this batch"


def test_instance_noise_fades():
    gan, x = tiny(instance_noise=0.8), torch.zeros(4000, 2)
    for progress, std in ((0, 0.8), (0.5, 0.1), (1, 0)):
        gan.progress = progress
        assert float(gan.discriminator_input(x, seeded()).std()) == pytest.approx(std, abs=0.02)


def test_what_a_step_costs_grows_with_the_remedies():
    passes = [
        GAN.passes(GANConfig(**config))
        for config in ({"r1": 0}, {}, {"r2": 1}, {"unrolling": 2, "width": 64}, {"discriminator_steps": 8})
    ]
    assert passes == sorted(passes)
    assert passes[0] == 2
