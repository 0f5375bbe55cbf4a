"""What the tests of the latent space share: a VAE that has begun to learn, and what is seen of it."""

import pytest

from playground import Experiment, Run, fit
from playground.families.vae.vae import VAE
from playground.scene import Scene, ViewState
from playground.views import layers
from tests.views.latent.latents import SMALL


@pytest.fixture(scope="session")
def eight() -> Run:
    """A VAE that has begun to learn eight Gaussians."""
    return fit(Experiment(family="vae", dataset="eight_gaussians", steps=300, config=SMALL | {"width": 32}))


@pytest.fixture
def seen(eight) -> Scene:
    scene = Scene(eight, ViewState(layout="latent", layers=frozenset(layers(VAE, "points"))))
    scene.renew(whole=True)
    return scene
