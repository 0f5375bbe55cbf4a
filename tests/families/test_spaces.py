"""Models of trajectories in the latent space of an autoencoder that learns beside them."""

import pytest
import torch

from playground import Experiment, Run, fit
from playground.families import FAMILIES, Family
from playground.families.capabilities import Denoiser, Solved, Trajectory, VelocityField, can
from playground.metrics.classifier import shipped
from tests.families.draws import seeded

IN_LATENTS = ("flow", "diffusion")
LATENTS = 6


def made(family: str, shape: tuple[int, ...] = (8, 8), **settings) -> Family:
    torch.manual_seed(0)
    model = FAMILIES[family]
    return model(model.Config(space="latents", latents=LATENTS, channels=8, **settings), shape)


@pytest.fixture(params=IN_LATENTS)
def model(request) -> Family:
    return made(request.param)


@torch.no_grad()
def test_latents_move_and_are_decoded(model):
    z = model.noise(5, seeded())
    assert z.shape == (5, LATENTS)
    way = model.trajectory(z)
    assert way.shape == (len(model.times()), 5, LATENTS)
    assert torch.equal(model.decode(way)[-1], model.decode(way[-1]))
    assert torch.equal(model.sample(5, seeded())[:, 0], model.decode(model.trajectory(z)[-1])[:, 0])
    assert model.sample(5, seeded()).shape == (5, 64)


def test_the_autoencoder_knows_nothing_of_the_model(model):
    x = torch.rand(32, 64, generator=seeded()) * 2 - 1
    first, second = model.players()
    assert first.name == "autoencoder"
    second.loss(x, seeded(), None).backward()
    assert all(p.grad is None for p in first.parameters)
    learns = {id(p) for p in model.network.parameters() if p.grad is not None}
    assert learns == {id(p) for p in model.network.parameters()}


def test_the_loss_is_that_of_the_model():
    run = Run(Experiment(family="flow", dataset="digits", steps=2, config={"space": "latents", "channels": 8}))
    run.advance()
    assert run.snapshot().scalars.keys() == {"loss", "autoencoder_loss"}


def test_what_is_told_of_places_in_the_plane_it_does_not_claim(model):
    assert can(model, Trajectory)
    assert can(model, Solved) == (type(model) is FAMILIES["flow"])
    assert not can(model, VelocityField)
    assert not can(model, Denoiser)


@pytest.mark.parametrize("family", IN_LATENTS)
def test_points_of_the_plane_have_no_smaller_space(family):
    plane, usual = made(family, (2,), width=16), FAMILIES[family].Config(channels=8, width=16, latents=LATENTS)
    torch.manual_seed(0)
    same = FAMILIES[family](usual, (2,))
    assert torch.equal(plane.sample(9, seeded()), same.sample(9, seeded()))
    assert not plane.lacks & {VelocityField, Denoiser}


def test_flows_in_it_are_not_rectified():
    with pytest.raises(ValueError, match="Choose pixels"):
        Experiment(family="flow", dataset="digits", config={"space": "latents", "reflows": 1})


@pytest.mark.training
@pytest.mark.parametrize("family", IN_LATENTS)
def test_digits_are_learned(family):
    run = fit(Experiment(family=family, dataset="digits", steps=600, config={"space": "latents"}))
    seen = shipped("digits").classifier.see(run.sample(300, seed=1))
    assert seen.probabilities.max(1).mean() > 0.6
    assert len(set(seen.probabilities.argmax(1))) == 10
