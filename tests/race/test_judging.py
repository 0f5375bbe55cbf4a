"""The measures of contestants, and that a race measures what the same experiments do alone."""

import json
import math

import numpy as np
import pytest
import torch

from playground import Experiment, fit
from playground.engine import InlineEngine
from playground.families import FAMILIES
from playground.families.capabilities import LatentVariable, can
from playground.questions import answer
from playground.race import Race, judging
from playground.race.pace import seconds_a_step
from playground.scene.scene import Scene
from playground.training.run import Run
from playground.views.images import quality

FEW = {"batch_size": 32}


@pytest.fixture(scope="module")
def raced():
    """A race of all families, side by side in one host, with what was asked of each at its end."""
    contestants = tuple({"family": family, "config": FEW} for family in FAMILIES)
    race = Race(dataset="two_moons", contestants=contestants, basis="steps", steps=30, seed=3)
    engine = InlineEngine()
    handles = [engine.start(experiment, visitor="ada") for experiment in race.experiments()]
    while any(handle.state == "training" for handle in handles):
        handles[0].pump()
    asked = [
        {
            "samples": handle.ask({"ask": "sample", "n": 50, "seed": 5})["samples"],
            "measures": handle.ask({"ask": "measures"})["measures"],
            "seconds": json.loads(handle.frame)["seconds"],
        }
        for handle in handles
    ]
    yield race, asked
    engine.close()


@pytest.mark.parametrize("lane", range(len(FAMILIES)))
def test_a_lane_is_the_same_experiment_alone(raced, lane):
    race, asked = raced
    alone = fit(race.experiment(lane))
    assert asked[lane]["samples"] == answer(Scene(alone), {"ask": "sample", "n": 50, "seed": 5})["samples"], "identical"
    assert np.allclose(asked[lane]["samples"], alone.sample(50, seed=5), atol=1e-5), "to the digits that are sent"
    measures = asked[lane]["measures"]
    assert measures["parameters"] == sum(p.numel() for p in alone.family.parameters())
    assert measures["evaluations"] == alone.family.evaluations(alone.family.config)
    assert measures["milliseconds"] > 0
    assert asked[lane]["seconds"] > 0
    if "log_likelihood" in measures and not can(alone.family, LatentVariable):
        x = judging.test_points(Scene(alone), judging.HELD_OUT)
        exact = alone.log_prob(alone.normalizer.from_canvas(x.numpy())).values.mean()
        assert measures["log_likelihood"] == pytest.approx(exact, abs=1e-3)


def finished(pieces):
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def test_a_perfect_sample_lies_in_the_bands_and_another_law_outside():
    scene = Scene(Run(Experiment(dataset="two_moons", steps=1, config=FEW)))
    bands = judging.bands(scene.run.experiment.dataset, None)
    scene.final_samples, scene.complete = scene.fresh(1500, seed=77), True
    perfect = finished(judging.measures(scene))
    scene.final_samples = np.random.default_rng(0).normal(size=(1500, 2)).astype(np.float32)
    noise = finished(judging.measures(scene))
    for name, (_, low, high) in bands.items():
        width = high - low
        assert low - width <= perfect[name] <= high + width, name
        if name != "recall":  # noise is everywhere
            assert not low - width <= noise[name] <= high + width, name


def test_samples_that_are_no_numbers_get_a_sentence():
    scene = Scene(Run(Experiment(dataset="two_moons", steps=1, config=FEW)))
    scene.final_samples, scene.complete = np.full((1500, 2), np.nan, np.float32), True
    with pytest.raises(ValueError, match="blown up"):
        finished(judging.measures(scene))


def test_images_are_measured_too():
    scene = Scene(Run(Experiment(dataset="digits", family="normalizing_flow", steps=1, config=FEW)))
    measures = finished(judging.measures(scene))
    assert {"wasserstein", "mmd", "coverage", "log_likelihood"} <= measures.keys()
    assert measures["distance"] == quality.scores(scene, scene.final_samples).frechet, "pixels say little"
    assert all(math.isfinite(value) for value in measures.values())


def test_the_pace_of_a_wide_network_is_slower_and_measuring_changes_nothing():
    thin, wide = (Experiment(steps=1, config=FEW | {"width": width, "depth": 3}) for width in (8, 256))
    assert 0 < seconds_a_step(thin) < seconds_a_step(wide)
    scene = Scene(Run(thin))
    before = scene.run.sample(5)
    assert answer(scene, {"ask": "pace"})["seconds"] > 0
    assert scene.run.step == 0
    assert np.array_equal(scene.run.sample(5), before)


@pytest.mark.parametrize("family", FAMILIES)
def test_noise_is_sent_where_the_model_says(family):
    scene = Scene(Run(Experiment(family=family, steps=1, config=FEW)))
    found = answer(scene, {"ask": "send", "z": [0.5, -1.0]})
    assert len(found["path"]) == len(found["times"])
    assert found["path"][0] == [0.5, -1.0]
    if hasattr(scene.model, "trajectory"):
        end = scene.model.trajectory(torch.tensor([[0.5, -1.0]]))[-1, 0]
        assert np.allclose(found["path"][-1], end.detach().numpy(), atol=1e-4)
