"""What the tests of diffusion's views share: the model that ships."""

import pytest

from playground.scene import Scene
from playground.training.checkpoints import load


@pytest.fixture(scope="session")
def smiley() -> Scene:
    """The shipped model; tests that edit it take another."""
    scene = Scene(load("diffusion"))
    scene.renew(whole=True)
    return scene
