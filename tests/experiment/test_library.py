"""An experiment as the library's user has it: shorthands, data, and what a run can go on with."""

import numpy as np
import pytest
from pydantic import ValidationError

from playground import Experiment
from playground.data import NamedSet
from playground.families import FAMILIES
from tests.experiment.random_experiments import parse
from tests.experiment.refusals import assert_one_clear_sentence

# The shorthands of the library.


def test_shorthands():
    points = np.random.default_rng(0).normal(100, 20, (50, 2))
    assert Experiment(dataset="two_moons") == Experiment(dataset={"name": "two_moons"})
    assert Experiment().dataset == NamedSet()
    ours = Experiment(dataset=points, labels=[0, 1] * 25)
    assert np.allclose(ours.dataset.points, points)
    assert not ours.dataset.on_canvas
    assert ours.dataset.labels.tolist() == [0, 1] * 25
    assert Experiment(dataset=points.tolist()).dataset == Experiment(dataset=points).dataset
    config = FAMILIES["flow"].Config(width=64)
    assert Experiment(config=config) == Experiment(config={"width": 64})


def test_frozen_and_hash():
    experiment = Experiment()
    with pytest.raises(ValidationError):
        experiment.steps = 5
    assert hash(experiment) == hash(Experiment()) != hash(Experiment(seed=1))


def test_data_is_fresh_and_reproducible():
    experiment = Experiment(dataset="two_moons")
    assert experiment.data(100, seed=1).shape == (100, 2)
    assert np.array_equal(experiment.data(100, seed=1), experiment.data(100, seed=1))
    assert not np.isin(experiment.data(100, seed=1), experiment.data(100, seed=2)).any()


# Data of another shape.


def test_images_are_points_with_a_coordinate_for_each_pixel():
    digits, moons = Experiment(dataset="digits"), Experiment(dataset="two_moons")
    assert (digits.dim, moons.dim) == (64, 2)
    assert digits.data(50, seed=1).shape == (50, 64)
    assert digits.affordable_samples < moons.affordable_samples, "a wider network costs more"
    assert Experiment.from_query(parse(digits.to_query())) == digits
    few = Experiment(dataset={"name": "digits", "settings": {"classes": 2}})
    assert parse(few.to_query())["data.classes"] == "2"
    assert Experiment.model_validate_json(few.model_dump_json()) == few
    for wrong in ({"classes": 0}, {"classes": 11}, {"classes": 1.5}, {"digits": 3}):
        with pytest.raises(ValidationError) as caught:
            Experiment(dataset={"name": "digits", "settings": wrong})
        assert_one_clear_sentence(caught.value)


# What a run can go on with.


@pytest.mark.parametrize(
    ("other", "changes"),
    [
        ({}, {}),
        ({"config": {"learning_rate": 0.01, "solver": "rk4"}}, {"learning_rate": 0.01, "solver": "rk4"}),
        ({"config": {"width": 32}}, None),
        ({"config": {"width": 32, "learning_rate": 0.01}}, None),
        ({"seed": 1}, None),
        ({"steps": 9}, None),
        ({"dataset": "ring"}, None),
        ({"dataset": [[0, 0], [1, 1]]}, None),
        ({"family": "vae"}, None),
    ],
    ids=str,
)
def test_live_changes(other, changes):
    assert Experiment().live_changes(Experiment(**other)) == changes


def test_a_setting_that_does_not_exist_is_not_live():
    config = FAMILIES["flow"].Config
    assert [config.is_live(name) for name in ("solver", "width", "nope", "__class__")] == [True, False, False, False]
