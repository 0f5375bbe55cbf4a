"""An experiment survives its trips as JSON and as a link."""

import json
import random

import numpy as np
import pytest
from pydantic import ValidationError

from playground import Experiment
from playground.data import Drawing
from playground.data.link_text import STEPS
from playground.families import FAMILIES
from tests.experiment.random_experiments import parse, some_experiment, some_value


@pytest.mark.parametrize("seed", range(60))
def test_round_trips(seed):
    experiment = some_experiment(seed)
    text = experiment.model_dump_json()
    assert Experiment.model_validate_json(text) == experiment
    assert Experiment.model_validate(json.loads(text)) == experiment
    assert Experiment.model_validate(experiment.model_dump(mode="json")) == experiment
    assert Experiment.from_query(parse(experiment.to_query())) == experiment


def test_every_setting_is_in_the_link():
    """Each field alone, at each extreme: a field that the link forgot would come back as its default."""
    for family, model in FAMILIES.items():
        for name, field in model.Config.model_fields.items():
            changed = 0
            for seed in range(8):
                try:
                    experiment = Experiment(family=family, config={name: some_value(field, random.Random(seed))})
                except ValidationError:  # more than a run may cost; test_every_extreme_works looks at what is said
                    continue
                again = Experiment.from_query(parse(experiment.to_query()))
                assert getattr(again.config, name) == getattr(experiment.config, name)
                changed += getattr(again.config, name) != field.default
            assert changed, f"{family}'s {name} was never anything but its default"


def test_a_link_says_only_what_differs():
    assert parse(Experiment().to_query()) == {"family": "flow", "dataset": "eight_gaussians"}
    link = Experiment(dataset="two_moons", config={"width": 32}, steps=7).to_query()
    assert parse(link) == {"family": "flow", "dataset": "two_moons", "width": "32", "steps": "7"}


def test_points_that_no_link_can_carry_are_left_out():
    points = np.random.default_rng(0).uniform(-3, 3, (20_000, 2))
    for experiment in (Experiment(dataset=Drawing(points=points)), Experiment(dataset=points)):
        assert parse(experiment.to_query()) == {"family": "flow"}
        assert Experiment.model_validate_json(experiment.model_dump_json()) == experiment


def test_a_link_holds_some_hundred_points_exactly():
    points = np.random.default_rng(0).normal(50, 20, (500, 2))
    for labels in (None, np.arange(500) % 2):
        experiment = Experiment(dataset=points, labels=labels)
        assert Experiment.from_query(parse(experiment.to_query())) == experiment


def test_a_link_rounds_a_drawing_once():
    drawn = Experiment(dataset=Drawing(points=np.random.default_rng(0).uniform(-4, 4, (100, 2))))
    once = Experiment.from_query(parse(drawn.to_query()))
    assert np.abs(once.dataset.points - drawn.dataset.points).max() <= 0.5 / STEPS + 1e-6
    assert Experiment.from_query(parse(once.to_query())) == once
