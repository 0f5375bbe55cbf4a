"""What the tests of image views share: a flow that has learned nothing yet, and perfect samples."""

import numpy as np
import pytest

from playground import Experiment, Run
from playground.scene import Scene
from tests.views.images.digits import DIGITS


@pytest.fixture(scope="session")
def flow() -> Scene:
    run = Run(Experiment(family="flow", dataset="digits", steps=2))
    run.advance()
    scene = Scene(run)
    scene.renew(whole=True)
    return scene


@pytest.fixture
def perfect(flow) -> Scene:
    """A scene whose samples are images that models learn from."""
    scene = Scene(flow.run)
    learned = DIGITS.distribution.training.points
    scene.final_samples = learned[: len(scene.noise)].astype(np.float32)
    return scene
