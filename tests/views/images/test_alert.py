"""The detector of a collapse watches images whose classes are told apart."""

import numpy as np
import pytest
import torch

from playground import Experiment, Run
from playground.engine.hosting.camera import Camera
from playground.scene import Scene
from playground.views import VIEWS
from tests.views.images.digits import DIGITS


@pytest.mark.parametrize("missing", [(), (3, 8)])
def test_missing_classes_of_images_raise_an_alert(missing):
    run = Run(Experiment(family="gan", dataset="digits", steps=100))
    learned = DIGITS.distribution.training
    kept = torch.as_tensor(learned.points[~np.isin(learned.labels, missing)], dtype=torch.float32)
    run.averaged.generate = lambda z: kept[torch.arange(len(z)) % len(kept)]  # a generator that repeats images
    scene, found = Scene(run), None
    for run.step in range(80, 101, 4):
        found = VIEWS["collapse"].measure(scene)
    if not missing:
        assert found is None
        return
    assert found["title"] == "Mode dropping"
    assert found["sentence"].endswith("it holds 8 of 10. Given up: 3, 8.")
    assert found["remedies"]


@pytest.mark.parametrize(
    ("dataset", "watched"),
    [("digits", True), ({"name": "digits", "settings": {"classes": 1}}, False), ("mnist", False), ("shapes", False)],
)
def test_which_images_are_watched(dataset, watched):
    camera = Camera(Scene(Run(Experiment(family="gan", dataset=dataset, steps=1))))
    assert ("alerts" in camera.frame(camera.scene.run.snapshot())) is watched
