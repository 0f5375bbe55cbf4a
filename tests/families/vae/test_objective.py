"""A VAE's objective: what each of its knobs does to the loss, and that it learns images."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from playground import Experiment
from playground.data.images.handwritten import digits
from playground.families.vae.vae import SMALLEST_STD
from tests.families.draws import normal, seeded
from tests.families.vae.models import parts, tiny, train

# The objective's knobs.


def test_loss_is_distortion_and_weighted_rate():
    x = normal(64, 2)
    for beta in (0.0, 0.5, 1.0, 7.0):
        vae = tiny(beta=beta, warm_up=0)
        rate, distortion, _ = parts(vae, x)
        assert float(vae.loss(x, seeded()).detach()) == pytest.approx(float(distortion + beta * rate), rel=1e-5)


def test_warm_up():
    vae = tiny(beta=2.0, warm_up=0.4)
    for progress, wanted in ((0, 0), (0.1, 0.5), (0.2, 1), (0.4, 2), (1, 2)):
        vae.progress = progress
        assert vae.beta == pytest.approx(wanted)
    assert tiny(beta=2.0, warm_up=0).beta == 2


def test_free_bits():
    """Below its share, a dimension's rate costs nothing more and nothing less; above, it costs what it is."""
    x = normal(64, 2)
    free, _ = vae, bare = tiny(warm_up=0, free_bits=0.3), tiny(warm_up=0)
    with torch.no_grad():
        for model in (vae, bare):
            model.encoder[-1].weight.mul_(torch.tensor([5.0, 0.1, 1.0, 0.0])[:, None])
            model.encoder[-1].bias.copy_(torch.tensor([2.0, 0.0, 0.0, 0.5413]))  # softplus(0.5413) = 1
    _, distortion, kl = parts(vae, x)
    assert kl[0] > 0.3 > kl[1]
    assert float(free.loss(x, seeded()).detach()) == pytest.approx(float(distortion + kl[0] + 0.3), rel=1e-5)


def test_noise_is_learned_or_fixed():
    learned, fixed = tiny(decoder_std=0.3), tiny(decoder_std=0.3, noise="fixed")
    assert float(learned.std.detach()) == pytest.approx(0.3 + SMALLEST_STD)
    assert float(fixed.std.detach()) == pytest.approx(0.3)
    x = normal(64, 2)
    for vae, moves in ((learned, True), (fixed, False)):
        gradient = torch.autograd.grad(vae.loss(x, seeded()), vae.log_std, allow_unused=True)[0]
        assert (gradient is not None) is moves


def test_importance_samples_count_in_the_cost():
    config = {"width": 128, "batch_size": 2048}
    Experiment(family="vae", config=config, steps=100)
    with pytest.raises(ValidationError, match="too much for one step"):
        Experiment(family="vae", config=config | {"importance_samples": 32}, steps=100)


# Images.


@pytest.mark.training
def test_it_learns_digits():
    images = torch.as_tensor(digits().training.points, dtype=torch.float32)
    held_out = torch.as_tensor(digits().points, dtype=torch.float32)
    vae = tiny(64, latents=8, width=64)
    before = parts(vae, held_out)
    train(vae, images, steps=400, rate=5e-3)
    after = parts(vae, held_out)
    assert after.rate + after.distortion < before.rate + before.distortion - 20
    assert int(vae.active_units(held_out).sum()) >= 5
    with torch.no_grad():
        assert vae.sample(5, seeded()).shape == (5, 64)
        error = float((vae.reconstruct(held_out) - held_out).square().mean())
    assert error < 0.5 * float((held_out - images.mean(0)).square().mean()), "better than the mean image"
    assert np.isfinite(vae.log_prob(held_out[:9], 50).detach().numpy()).all()
