"""Guidance: distances and floors are those of the class that is asked for."""

import copy

import numpy as np
import pytest

from playground import Experiment
from playground.data import NamedSet
from playground.data.canvas import HALF
from playground.families import ideal
from playground.families.stratified import spread_evenly
from playground.scene import Scene
from playground.scene.scene import of_class
from playground.training.checkpoints import load
from playground.views import VIEWS
from playground.views.time.guided import CELLS, density
from tests.views.time.models import untrained


def test_distance_is_that_to_the_class():
    run = load("diffusion")
    run.edit(label="3")
    scene = Scene(run)
    scene.renew(whole=True)
    smile = run.normalizer.to_canvas(of_class(run.experiment.dataset.distribution, 3, 500, seed=9)[0])
    assert np.linalg.norm(scene.reference.mean(0) - smile.mean(0)) < 0.2
    ours = VIEWS["distance"].measure(scene)["distance"]
    assert VIEWS["distance"].floors(scene)["distance"] / 2 < ours < 0.3
    run.edit(label="any")
    assert VIEWS["distance"].measure(scene)["distance"] > 1, "a mouth is no face"
    assert np.array_equal(scene.reference, scene.data)


def test_every_class_can_be_found():
    rare = NamedSet(name="unequal_gaussians").distribution
    points, labels = of_class(rare, 5, 1500, seed=0)
    assert points.shape == (1500, 2)
    assert set(labels) == {5}
    many = of_class(NamedSet(name="grid").distribution, 9, 300, seed=0)[1]
    assert set(many) == set(range(9, 25)), "the last class stands for all that follow"
    drawing = Experiment(dataset=[[0, 0], [1, 1]], labels=[0, 3]).dataset.distribution
    assert set(of_class(drawing, 1, 10, seed=0)[1]) == {0, 3}, "a class without points"


@pytest.mark.parametrize(
    ("dataset", "label", "sentence"),
    [("smiley", "4", "0 to 3"), ("checkerboard", "0", "no classes"), ("two_moons", "2", "0 to 1")],
)
def test_only_classes_that_exist_can_be_chosen(dataset, label, sentence):
    with pytest.raises(ValueError, match=sentence):
        untrained(dataset, label=label)
    run = untrained(dataset)
    with pytest.raises(ValueError, match=sentence):
        run.edit(label=label)
    assert run.family.config.label == "any"


def test_a_density_integrates_to_one():
    xy = np.array([[1.0, -2.0]] * 10)
    found = density(xy)
    assert found.sum() * (2 * HALF / CELLS) ** 2 == pytest.approx(1, rel=1e-3)
    assert np.unravel_index(found.argmax(), found.shape) == (12, 30), "first index up, second to the right"


def test_the_floor_of_a_conditional_loss_is_lower():
    run = untrained()
    places = spread_evenly(1024, 4)
    law, alone = (ideal.points(run.pool[:2000].double(), labels) for labels in (run.labels[:2000], None))

    def floor(dropout: float) -> float:
        model = copy.copy(run.averaged)
        model.config = model.config.model_copy(update={"label_dropout": dropout})
        return model.loss_floor(law, places)

    assert floor(0.0) < floor(0.5) < floor(1.0)
    assert floor(0.5) == pytest.approx((floor(0.0) + floor(1.0)) / 2, rel=1e-6)
    assert floor(1.0) == run.averaged.loss_floor(alone, places)
