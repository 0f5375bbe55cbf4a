"""Run.log_prob: densities integrate to 1 in the data's own coordinates, and errors are as large as they say."""

import numpy as np
import pytest

from playground import Experiment, fit
from playground.training import checkpoints


@pytest.fixture(scope="module", params=["normalizing_flow", "vae", "flow", "diffusion", "shipped vae"])
def run(request):
    if request.param == "shipped vae":  # whose encoder has learned where not to look
        return checkpoints.load("vae")
    return fit(Experiment(family=request.param, dataset="two_moons", steps=300, config={"width": 32}))


def test_a_density_integrates_to_1_over_the_plane(run):
    """The data's own coordinates are not the canvas's: the scale counts."""
    low, high, n = -5.0, 5.0, 90
    centres = low + (np.arange(n) + 0.5) * (high - low) / n
    places = np.stack(np.meshgrid(centres, centres), axis=2).reshape(-1, 2)
    found = run.log_prob(places)
    assert np.exp(found.values).sum() * ((high - low) / n) ** 2 == pytest.approx(1, abs=0.01)


def test_an_estimate_says_how_far_it_may_be_off(run):
    points = run.experiment.data(200, seed=5)
    found, again = run.log_prob(points, seed=1), run.log_prob(points, seed=2)
    assert found.values.shape == found.errors.shape == (200,)
    if run.experiment.family == "vae":
        apart = (found.values - again.values) / np.hypot(found.errors, again.errors)
        assert 0.6 < apart.std() < 1.5
        assert found.errors.max() < 0.5
    else:
        assert np.array_equal(found.values, again.values)
        assert not found.errors.any()


def test_it_is_above_the_entropy_of_the_data(run):
    """−E log p is the entropy plus KL(data ‖ model), which is not negative."""
    law = run.experiment.dataset.distribution
    points, _ = law.sample(1000, np.random.default_rng(3))
    assert -run.log_prob(points).values.mean() > -law.log_density(points).mean() - 0.02


def test_a_family_without_a_likelihood_says_so():
    run = fit(Experiment(family="gan", steps=1, config={"width": 16}))
    with pytest.raises(TypeError, match="no likelihood"):
        run.log_prob([[0.0, 0.0]])


@pytest.mark.parametrize("points", [[0.0, 1.0], [[0.0]], np.zeros((2, 3))])
def test_points_of_another_shape(run, points):
    with pytest.raises(ValueError, match="shape"):
        run.log_prob(points)
