"""What decodes latents of images: each row moves one latent, and samples lead to samples."""

import numpy as np
import pytest
import torch
from tiles import pieces, values

from playground import Experiment, Run
from playground.scene import Scene
from playground.views import VIEWS
from playground.views.common.images import SIDE
from playground.views.latent.traversal import COLUMNS as PLACES
from playground.views.latent.traversal import REACH


@pytest.mark.parametrize(
    ("family", "name", "decode"), [("vae", "traversal", "decode"), ("gan", "sample_traversal", "generate")]
)
@torch.no_grad()
def test_each_row_moves_one_latent(family, name, decode):
    scene = Scene(Run(Experiment(family=family, dataset="digits", steps=1)))
    layer = VIEWS[name]
    start, moving = layer.rows(scene)
    (shown,) = pieces(layer.draw(layer.measure(scene, False)))
    assert shown["n"] == len(moving) * PLACES
    z = start[-1].clone()
    z[moving[-1]] = -REACH
    wanted = getattr(scene.model, decode)(z[None]).numpy().clip(-1, 1)
    assert np.allclose(values(shown)[0][-PLACES].ravel(), wanted, atol=1 / 100)


@torch.no_grad()
def test_samples_lead_to_samples():
    scene = Scene(Run(Experiment(family="gan", dataset="digits", steps=1)))
    layer = VIEWS["sample_interpolations"]
    rows = values(layer.draw(layer.measure(scene, False))).reshape(SIDE, SIDE, 64)
    ends = scene.model.generate(scene.model.latent(2 * SIDE, scene.rng())).numpy().clip(-1, 1)
    assert np.allclose(rows[:, 0], ends[::2], atol=1 / 100)
    assert np.allclose(rows[:, -1], ends[1::2], atol=1 / 100)
