"""The law of the training data: exact where it is known, near to it where it is guessed."""

import numpy as np
import pytest
import torch

from playground.data import Drawing
from playground.experiment import POOL, Experiment
from playground.families.paths import STRAIGHT
from playground.families.stratified import spread_evenly
from playground.training.pool import TrainingData
from playground.training.run import Run
from playground.views.common.loss import learned, loss_floor
from playground.views.law import KNOWN, law_of


def floor(law) -> float:
    return STRAIGHT.loss_floor(law.density, spread_evenly(8192, 4))


@pytest.mark.parametrize("name", ["eight_gaussians", "two_moons", "smiley"])
def test_a_known_law_is_the_set_s_own(name):
    experiment = Experiment(family="flow", dataset=name)
    law = law_of(TrainingData.of(experiment))
    assert not law.estimated
    points = experiment.dataset.normalizer.to_canvas(experiment.data(20_000, seed=3))
    drawn, labels = law.density.draw(spread_evenly(16_384, 3))
    assert np.allclose(drawn.mean(0), points.mean(0), atol=0.06)
    assert np.allclose(drawn.std(0), points.std(0), rtol=0.03)
    shares = np.bincount(experiment.dataset.distribution.sample(20_000, np.random.default_rng(0))[1]) / 20_000
    assert np.allclose(np.bincount(labels, minlength=len(shares)) / len(labels), shares, atol=0.02), "and its classes"


@pytest.mark.parametrize(("n", "margin"), [(500, 0.06), (4000, 0.02)])
@pytest.mark.parametrize("name", ["eight_gaussians", "two_moons", "smiley"])
def test_a_guessed_law_has_nearly_the_floor_of_the_true_one(name, n, margin):
    """Of points drawn from a set whose law is known. The points by themselves would say 2 to 8% less."""
    true = Experiment(family="flow", dataset=name)
    points = true.dataset.normalizer.to_canvas(true.data(n, seed=1)).clip(-4, 4)
    guessed = law_of(TrainingData.of(Experiment(family="flow", dataset=Drawing(points=points, on_canvas=True))))
    assert guessed.estimated
    assert floor(guessed) == pytest.approx(floor(law_of(TrainingData.of(true))), rel=margin)


@pytest.mark.parametrize("dataset", ["two_moons", "checkerboard"])
def test_what_a_visitor_limits_to_a_few_points_is_all_there_is(dataset):
    law = law_of(TrainingData.of(Experiment(family="flow", dataset=dataset, data_points=5)))
    assert not law.estimated
    assert len(law.density.means) == 5
    assert (law.density.sigmas == 0).all()


def test_points_that_repeat_are_no_law_without_width():
    points = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, -1.0], [3.0, 1.0]] * 30)
    law = law_of(TrainingData.of(Experiment(family="flow", dataset=points)))
    assert law.estimated
    assert law.density.sigmas.isfinite().all()
    assert (law.density.sigmas > 0).all()


def test_images_are_not_smoothed():
    law = law_of(TrainingData.of(Experiment(family="flow", dataset="digits")))
    assert law.estimated
    assert (law.density.sigmas == 0).all()
    assert len(law.density.means) <= KNOWN


def test_a_file_that_is_sorted_is_learned_as_well_as_one_that_is_not():
    """All views that look at the first points of the pool see all classes, and the floor is the same."""
    points = Experiment(family="diffusion", dataset="two_moons").data(8000, seed=0).astype(np.float32)
    order = np.argsort(points[:, 0])
    floors = [
        loss_floor(learned(Experiment(family="flow", dataset=given)))["loss"]
        for given in (points[order], points[np.random.default_rng(1).permutation(len(points))])
    ]
    assert floors[0] == pytest.approx(floors[1], rel=0.03)


def test_settings_that_leave_the_data_alone_share_the_law():
    points = np.random.default_rng(0).normal(size=(200, 2))
    one, other = (Experiment(family="flow", dataset=points, config={"width": width}) for width in (16, 32))
    assert law_of(TrainingData.of(one)) is law_of(TrainingData.of(other))
    assert law_of(TrainingData.of(one)) is law_of(
        TrainingData.of(Experiment(family="diffusion", dataset=points, seed=3))
    )


@pytest.mark.parametrize("family", ["flow", "diffusion"])
@pytest.mark.parametrize("name", ["eight_gaussians", "grid", "unequal_gaussians", "far_outlier", "two_moons"])
def test_the_floor_is_known_to_half_a_percent(family, name):
    """Beside many times as many noised points, which are independent of each other."""
    experiment = Experiment(family=family, dataset=name)
    law = law_of(TrainingData.of(experiment)).density
    u = torch.rand(POOL, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    wanted = Run(experiment).averaged.loss_floor(law, u)
    assert loss_floor(learned(experiment)) == {"loss": pytest.approx(wanted, rel=0.005), "loss_estimated": 0}
