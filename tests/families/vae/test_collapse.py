"""A VAE's posterior collapse: which latents are inactive, and why."""

import pytest
import torch

from playground import Experiment, fit
from playground.families.vae import latent_space
from playground.metrics.distances import sliced_wasserstein
from tests.families.draws import seeded


@pytest.mark.parametrize(
    ("awake", "variances", "std", "beta", "learned", "reasons"),
    [
        ([1, 1], [3.0, 1.0], 0.1, 1.0, True, {}),
        ([0, 1, 1], [3.0, 1.0], 0.1, 1.0, True, {0: "spare"}),
        ([0, 1], [3.0, 1.0], 0.1, 1.0, True, {0: "stuck"}),
        ([0, 1], [3.0, 1.0], 0.5, 5.0, False, {0: "beta"}),
        ([1, 0], [3.0, 1.0], 1.1, 1.0, True, {1: "noise"}),
        ([0, 0, 0], [3.0, 1.0], 1.1, 2.0, False, {0: "stuck", 1: "noise", 2: "spare"}),
        ([0, 0, 0], [3.0, 1.0], 1.1, 2.0, True, {0: "stuck", 1: "beta", 2: "spare"}),
        ([0, 0], [1.0, 3.0], 0.8, 3.0, False, {0: "stuck", 1: "beta"}),
        ([0, 0], [1.0, 3.0], 1.5, 0.5, True, {0: "stuck", 1: "noise"}),
    ],
)
def test_why_dimensions_sleep(awake, variances, std, beta, learned, reasons):
    means = torch.randn(1000, len(awake), generator=seeded()) * torch.tensor(awake)
    kl = torch.arange(1.0, 1 + len(awake))  # what a dimension holds does not wake it, if it is the same for all points
    found = latent_space.inactive_units(means, kl, torch.tensor(variances), std, beta, learned)
    assert {sleeper.dimension: sleeper.reason for sleeper in found} == reasons
    assert all(sleeper.rate == kl[sleeper.dimension] for sleeper in found)
    assert all(latent_space.REASONS[sleeper.reason].endswith(".") for sleeper in found)


MOONS = {"width": 32, "depth": 2, "prior": "standard"}


def moons_of(**config):
    run = fit(Experiment(family="vae", dataset="two_moons", steps=600, config=MOONS | config))
    return run.averaged, run.pool[:2000]


@pytest.mark.training
def test_an_autoencoder_reconstructs_but_does_not_sample():
    (plain, x), (vae, _) = moons_of(beta=0.0), moons_of()
    with torch.no_grad():
        errors = [float((model.reconstruct(x) - x).square().mean()) for model in (plain, vae)]
        rates = [float(model.elbo(x, seeded()).rate) for model in (plain, vae)]
        distances = [float(sliced_wasserstein(model.sample(2000, seeded()), x)) for model in (plain, vae)]
    assert errors[0] < 1e-3 < errors[1]
    assert rates[0] > 3 * rates[1]
    assert distances[0] > 2 * distances[1]


@pytest.mark.training
@pytest.mark.parametrize("noise", ["fixed", "learned"])  # which is then so large that it alone would hide everything
def test_too_high_a_beta_collapses(noise):
    vae, x = moons_of(beta=20.0, noise=noise, free_bits=0)
    with torch.no_grad():
        assert {sleeper.reason for sleeper in vae.inactive_units(x, seeded())} == {"beta"}
        assert not vae.active_units(x).any()
