"""Nothing hostile becomes an experiment, and what is refused gets one clear sentence."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from playground import Experiment
from playground.data import NamedSet
from playground.experiment import BUDGET
from playground.families import FAMILIES
from playground.messages import explain
from tests.experiment.refusals import LONG, assert_one_clear_sentence, short

NAN, INF = math.nan, math.inf

HOSTILE = {
    "steps": [NAN, INF, -INF, 0, -5, 10**6, 10**400, True, "abc", "NaN", LONG, [1], {"a": 1}, None, 1.5, 1e300],
    "data_points": [4, 0, -1, 65_537, 10**400, NAN, True, 5.5, "all", LONG, [5], None],
    "seed": [-1, 2**31, NAN, True, "1.5", [], {}, None],
    "width": [0, 7, 9, 264, NAN, INF, True, False, "wide", LONG, [64], {}, None, 10**400],
    "depth": [True, 0, 7, 2.5],
    "learning_rate": [0, -1, 1.01, NAN, INF, -INF, True, "nan", "inf", "x", LONG, [0.1], {}, None],
    "averaging": [1, -0.1, NAN, True],
    "batch_size": [15, 4097, 10**12, "many"],
    "solver": ["", "Euler", LONG, 1, True, None, ["euler"], {}],
    "schedule": [0, None, "linear"],
}

SHAPES = [
    {"family": name} for name in ("", "Flow", LONG, "__class__", 1, True, None, ["flow"], {"flow": 1}, ("flow",))
] + [
    {"config": []},
    {"config": ["width"]},
    {"config": "width"},
    {"config": None},
    {"config": 3},
    {"config": NamedSet()},
    {"config": {"nope": 1}},
    {"config": {"": 1}},
    {"config": {1: 1}},
    {"config": {None: 1}},
    {"config": {LONG: 1}},
    {"config": {"model_config": {}}},
    {"config": {"Width": 64}},
    {"nope": 1},
    {"__class__": 1},
    {LONG: 1},
    {"dataset": ""},
    {"dataset": "nope"},
    {"dataset": LONG},
    {"dataset": 3},
    {"dataset": 3.5},
    {"dataset": True},
    {"dataset": b"two_moons"},
    {"dataset": {"name": "nope"}},
    {"dataset": {"name": ["two_moons"]}},
    {"dataset": {"name": None}},
    {"dataset": {"name": "two_moons", "nope": 1}},
    {"dataset": {"name": "two_moons", "settings": []}},
    {"dataset": {"name": "two_moons", "settings": "noise"}},
    {"dataset": {"name": "two_moons", "settings": {"nope": 1}}},
    {"dataset": {"name": "two_moons", "settings": {LONG: 1}}},
    {"dataset": {"name": "two_moons", "settings": {1: 1}}},
    {"dataset": {"name": "two_moons", "settings": {"\ud800": 1}}},
    *({"dataset": {"name": "two_moons", "settings": {"noise": bad}}} for bad in (NAN, INF, -1, 99, "x", [1], None)),
    *({"dataset": {"name": "ring", "settings": {"modes": bad}}} for bad in (True, 1, 99, 2.5, 10**400, LONG, {})),
    {"dataset": {"points": None}},
    {"dataset": {"points": 3}},
    {"dataset": {"points": "abc"}},
    {"dataset": {"points": LONG}},
    {"dataset": {"points": "ÄÖ"}},
    {"dataset": {"points": [[0, 0], [1, 1]], "nope": 1}},
    {"dataset": {"points": [[0, 0], [1, 1]], "on_canvas": "maybe"}},
    {"dataset": {"points": [[0, 0], [9, 9]], "on_canvas": True}},
    {"dataset": []},
    {"dataset": [[1, 2]]},
    {"dataset": [[1, 2], [1, 2]]},
    {"dataset": [[1, 2], [3]]},
    {"dataset": [[1, 2], [3, 4, 5]]},
    {"dataset": [1, 2]},
    {"dataset": [[1, 2], "ab"]},
    {"dataset": [[1, 2], [3, "4"]]},
    {"dataset": [[1, 2], [3, None]]},
    {"dataset": [[1, 2], [3, True]]},
    {"dataset": [[1, 2], [3, NAN]]},
    {"dataset": [[1, 2], [3, INF]]},
    {"dataset": [[1, 2], [3, 1e30]]},
    {"dataset": [[1, 2], [3, 10**400]]},
    {"dataset": [[[1, 2], [3, 4]]] * 2},
    {"dataset": [[i, i] for i in range(20_001)]},
    {"dataset": np.arange(40_002).reshape(-1, 2)},
    {"dataset": np.zeros((3, 3))},
    {"dataset": np.zeros(4)},
    {"dataset": np.zeros((0, 2))},
    {"dataset": np.zeros((4, 2), complex)},
    {"dataset": np.array([[1, 2], [3, NAN]])},
    {"dataset": np.array([[str] * 2] * 3)},
    {"dataset": [[0, 0], [1, 1]], "labels": [0]},
    {"dataset": [[0, 0], [1, 1]], "labels": [0, 1, 2]},
    {"dataset": [[0, 0], [1, 1]], "labels": [0, 10]},
    {"dataset": [[0, 0], [1, 1]], "labels": [0, -1]},
    {"dataset": [[0, 0], [1, 1]], "labels": [0, 1.5]},
    {"dataset": [[0, 0], [1, 1]], "labels": [0, True]},
    {"dataset": [[0, 0], [1, 1]], "labels": "01"},
    {"dataset": [[0, 0], [1, 1]], "labels": {}},
    {"dataset": "two_moons", "labels": [0, 1]},
    {"labels": [0, 1]},
    "flow",
    ["flow"],
    None,
    3,
    b"flow",
]


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in HOSTILE.items() for value in values],
    ids=lambda value: short(value),
)
def test_hostile_settings(name, value):
    given = {name: value} if name in BUDGET else {"config": {name: value}}
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate(given)
    assert_one_clear_sentence(caught.value)
    title = {**FAMILIES["flow"].Config.model_fields, **Experiment.model_fields}[name].title
    assert explain(caught.value).startswith(f"{title}: must be ")


@pytest.mark.parametrize("given", SHAPES, ids=short)
def test_hostile_shapes(given):
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate(given)
    assert_one_clear_sentence(caught.value, most=400)  # the names of all data sets are long


def test_deep_nesting():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    for given in ({"dataset": deep}, {"config": {"width": deep}}, {"steps": deep}, {"family": deep}):
        with pytest.raises(ValidationError):
            Experiment.model_validate(given)


def test_sentences():
    def said(**given) -> str:
        with pytest.raises(ValidationError) as caught:
            Experiment(**given)
        return explain(caught.value)

    assert said(config={"width": 512}) == "Width: must be at most 256."
    assert said(config={"width": 12}) == "Width: must be a multiple of 8."
    assert said(config={"solver": "rk5"}) == "Solver: must be euler, midpoint, heun, rk4, dopri5 or mean_flow."
    assert said(steps=10**6) == "Training steps: must be at most 100,000."
    assert said(steps="many") == "Training steps: must be a whole number."
    assert said(seed=NAN) == "Seed: must be a finite number."
    assert said(config={"learning_rate": True}) == "Learning rate: must be a number."
    assert said(config={"wdith": 64}) == "There is no setting called “wdith”."
    assert said(dataset={"name": "ring", "settings": {"modes": 1}}) == "Modes: must be at least 2."
