"""A perfect model is in its band in nine cases of ten, on named sets and on drawings of known laws."""

import numpy as np
import pytest

from playground.budget import STAGE_SAMPLES
from playground.data import Drawing, NamedSet
from playground.data.named import POINT_SETS
from playground.metrics.bands import shipped
from playground.metrics.distances import sliced_wasserstein
from playground.scene import perfect
from playground.views.common.distance import distance_band, measured_band, references
from playground.views.gradual import gradual

MEANS = {"two_moons": 0.0747, "eight_gaussians": 0.1942, "ring": 0.0956, "smiley": 0.1012, "far_outlier": 0.2304}
"""Mean distance of 200 pairs of samples of 1,500 points, measured independently."""


@pytest.mark.parametrize("name", MEANS)
def test_the_mean_is_that_of_an_independent_measurement(name):
    found = distance_band(NamedSet(name=name), None)
    assert found.mean == pytest.approx(MEANS[name], rel=0.07)
    assert found.low < found.mean < found.high


def test_what_ships_is_what_would_be_measured():
    assert shipped().keys() == POINT_SETS.keys()
    one = NamedSet(name="checkerboard")
    assert distance_band(one, None) is shipped()["checkerboard"]
    assert gradual(measured_band)(one, None) == pytest.approx(shipped()["checkerboard"], rel=0.01)
    noisy = NamedSet(name="two_moons", settings={"noise": 0.2})
    assert distance_band(noisy, None) != shipped()["two_moons"], "other settings are measured"


def score(dataset, sample: np.ndarray) -> float:
    return np.mean([sliced_wasserstein(sample, data) for data in perfect.references(dataset, None)])


@pytest.mark.parametrize("name", ["two_moons", "eight_gaussians", "far_outlier"])
def test_a_perfect_model_is_in_the_band_in_nine_cases_of_ten(name):
    dataset = NamedSet(name=name)
    _, low, high = distance_band(dataset, None)
    rng = np.random.default_rng(5)
    scores = [score(dataset, dataset.distribution.sample(STAGE_SAMPLES, rng)[0]) for _ in range(40)]
    assert 0.75 <= np.mean([low <= found <= high for found in scores]) <= 1


@pytest.mark.parametrize(("name", "n"), [("two_moons", 400), ("eight_gaussians", 1500)])
def test_the_band_of_a_drawing_is_that_of_its_law(name, n):
    """Samples of the same points are too near to each other: by a factor of 1.5 to 2 for some hundred points."""
    law, means, bands = NamedSet(name=name).distribution, [], []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        drawing = Drawing(points=law.sample(n, rng)[0], on_canvas=False)
        means.append(np.mean([score(drawing, law.sample(STAGE_SAMPLES, rng)[0]) for _ in range(6)]))
        bands.append(distance_band(drawing, None))
    assert np.mean([band.mean for band in bands]) == pytest.approx(np.mean(means), rel=0.3)
    assert sum(band.low <= mean <= band.high for band, mean in zip(bands, means, strict=True)) >= 3


def test_a_few_points_are_their_own_law():
    drawing = Drawing(points=np.array([[0.0, 0], [1, 1], [2, 0]]), on_canvas=True)
    assert not perfect.divisible(drawing, None)
    sample = drawing.distribution.sample(STAGE_SAMPLES, np.random.default_rng(3))[0]
    _, low, high = distance_band(drawing, None)
    assert low / 1.5 < score(drawing, sample) < 1.5 * high


def test_parts_of_a_drawing_share_no_point():
    points = np.random.default_rng(0).normal(size=(101, 2)).clip(-4, 4)
    labels = (np.arange(101) % 2).tolist()
    drawing = Drawing(points=points, labels=np.array(labels))
    for label in (None, 1):
        for trial in [t for t, _ in zip(perfect.trials(drawing, label, parts=4, n=500), range(3), strict=False)]:
            sides = [{tuple(x) for x in side} for side in (trial.sample, np.concatenate(list(trial.references)))]
            assert not sides[0] & sides[1]
            assert all(len(side) == (101 if label is None else 50) // 4 for side in sides)
            known = {tuple(x) for x in drawing.points[[label in (None, own) for own in labels]].astype(float)}
            assert sides[0] | sides[1] <= known


def test_of_images_the_model_knows_what_is_learned_and_is_compared_with_what_is_held_out():
    dataset = NamedSet(name="digits")
    trial = next(perfect.trials(dataset, None))
    learned = {x.tobytes() for x in dataset.distribution.training.points}
    assert all(x.tobytes() in learned for x in trial.sample)
    assert not any(x.tobytes() in learned for data in trial.references for x in data)


def test_references_are_of_the_class_that_is_sampled():
    dataset = NamedSet(name="smiley")
    assert len(references(dataset, 3)) == perfect.REFERENCES
    mouth = next(iter(perfect.references(dataset, 3)))
    assert mouth[:, 1].max() < 0 < next(iter(perfect.references(dataset, None)))[:, 1].max()
