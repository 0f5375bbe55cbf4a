"""Taking noise away: predicted clean points are the model's, and samplers begin alike."""

import numpy as np
import pytest
import torch

from playground import Experiment
from playground.families.diffusion.samplers import SAMPLERS
from playground.scene import Scene
from playground.views import VIEWS
from playground.views.time.reverse import COMPARED, TIMES_OF
from tests.views.time.models import untrained


def test_predicted_clean_points_are_the_models(smiley):
    found = VIEWS["denoised"].measure(smiley, whole=True)
    assert found["xy"].shape == found["to"].shape
    t = torch.full((found["xy"].shape[1],), float(found["times"][3]))
    with torch.no_grad():
        denoised = smiley.model.denoise(torch.from_numpy(found["xy"][3]), t).numpy()
    assert np.allclose(found["to"][3], denoised, atol=1e-3)


def test_all_samplers_begin_with_the_same_noise(smiley):
    found = VIEWS["samplers"].measure(smiley, whole=True)
    assert set(found) == {*COMPARED, *(name + TIMES_OF for name in COMPARED)}
    assert all(len(found[name + TIMES_OF]) == len(found[name]) for name in COMPARED)
    starts = [found[name][0] for name in COMPARED]
    assert all(np.array_equal(start, starts[0]) for start in starts)
    ends = [found[name][-1] for name in COMPARED]
    assert not any(np.allclose(ends[0], end) for end in ends[1:])
    pieces = VIEWS["samplers"].draw(found)
    assert {piece["panel"] for piece in pieces} == set(range(len(COMPARED)))
    other = Scene(untrained(sampler="euler_maruyama", sampler_steps=3))
    titles = [piece["title"] for piece in VIEWS["samplers"].draw(VIEWS["samplers"].measure(other, whole=True))]
    assert titles[-1] == "Euler–Maruyama", "one's own choice is among them"


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_any_number_of_steps_works(sampler):
    """With the default network, guided, which takes most."""
    config = {"sampler": sampler, "sampler_steps": 1000, "label": "1", "guidance": 3.0}
    assert Experiment(family="diffusion", dataset="smiley", config=config).affordable_samples >= 1500
    assert untrained(sampler=sampler, sampler_steps=1).sample(5).shape == (5, 2)
