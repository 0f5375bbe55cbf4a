"""Sampling from diffusion: chains, and ways along the probability flow."""

import math

import pytest
import torch
from torch import Tensor

from playground.families.diffusion.samplers import SAMPLERS
from playground.families.diffusion.schedules import (
    alpha_sigma,
)
from tests.families.diffusion.models import MEAN, SPREAD, exact, make, normal
from tests.families.draws import seeded


@torch.no_grad()
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_chains(sampler):
    model = make(sampler=sampler, sampler_steps=6, eta=0.5)
    z = model.noise(30, seeded())
    places, clean = model.chain(z)
    assert places.shape == clean.shape == (7, 30, 2)
    assert torch.equal(places[0], z)
    assert torch.equal(clean[-1], places[-1])
    assert torch.equal(places, model.trajectory(z)), "the noise that is added stays the same"
    assert torch.allclose(model.chain(z[:5])[0], places[:, :5], atol=1e-5), "and is each row's own"
    if sampler != "edm_stochastic":  # which looks from where its noise has put the points
        assert torch.allclose(clean[3], model.denoise(places[3], model.times()[3].expand(30)), atol=1e-3)
    assert model.evaluations(model.config) == SAMPLERS[sampler].evaluations(6)


@torch.no_grad()
def test_other_times_follow_the_probability_flow():
    model, z = exact(sampler="ddpm"), normal(50, 2)
    times = torch.linspace(0.1, 0.9, 81)
    way = model.trajectory(z, times)
    assert way.shape == (81, 50, 2)

    def place_of(x: Tensor, there: Tensor, here: Tensor) -> Tensor:
        a, s, b, r = (float(v) for time in (there, here) for v in alpha_sigma(model.log_snr(time.double()[None])))
        wide, was = math.hypot(a * SPREAD, s), math.hypot(b * SPREAD, r)
        return a * MEAN + wide / was * (x - b * MEAN)

    for i in (1, 40, 80):
        assert torch.allclose(way[i], place_of(z, times[i], times[0]), atol=2e-3)
    assert torch.allclose(model.trajectory(way[-1], times.flip(0))[-1], z, atol=2e-3), "and back again"


@torch.no_grad()
def test_predictions_stay_where_data_can_be():
    """At the noise end, a noise prediction's error is multiplied by σ/α, some thousands."""
    model = make(target="noise")
    assert model.denoise(10 * normal(50, 2, dtype=torch.float32), torch.zeros(50)).abs().max() <= 4
