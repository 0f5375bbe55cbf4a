"""An experiment survives its trips as JSON and as a link, and nothing hostile becomes one."""

import json
import math
import random
from urllib.parse import parse_qsl

import numpy as np
import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from playground import Experiment
from playground.config import marks
from playground.data import DATASETS, Drawing, NamedSet, settings_model
from playground.data.link_text import STEPS
from playground.experiment import BUDGET
from playground.families import FAMILIES
from playground.messages import explain

NAN, INF = math.nan, math.inf
LONG = "x\n" * 500_000


def parse(link: str) -> dict[str, str]:
    return dict(parse_qsl(link, keep_blank_values=True))


# Random valid experiments.


TEXTS = {
    "curves": ["0.25,0.5,0.75;0.75,0.5,0.25", "0.05,1.25,0.333;0.9,0.1,0.05"],
    "points": ["", Drawing(points=[[-2, -2], [2, -2], [0, 2.5]]).encode()],
}
"""Valid values of the texts among the settings, by the control that sets them."""


def some_value(field: FieldInfo, rng: random.Random):
    """A valid value of a field, often one of its extremes, made from what the field itself says."""
    if field.annotation is str:
        return rng.choice(TEXTS[marks(field)["widget"]])
    if field.annotation is bool:
        return rng.random() < 0.5
    if field.annotation not in (int, float):
        return rng.choice(field.annotation.__args__)
    bound = {
        key: getattr(part, key) for part in field.metadata for key in ("ge", "le", "multiple_of") if hasattr(part, key)
    }
    low, high, multiple = bound["ge"], bound["le"], bound.get("multiple_of", 1)
    if rng.random() < 0.3:
        return rng.choice([low, high])
    if field.annotation is float:
        return rng.uniform(low, high)
    return rng.randrange(math.ceil(low / multiple), high // multiple + 1) * multiple


def some_values(fields: dict[str, FieldInfo], rng: random.Random) -> dict:
    return {name: some_value(field, rng) for name, field in fields.items() if rng.random() < 0.5}


def some_drawing(rng: random.Random) -> Drawing:
    """A drawing on the grid that links have, half of them with classes."""
    n = rng.randrange(2, 400)
    rng = np.random.default_rng(rng.randrange(10**6))
    points = rng.integers(0, 4096, (n, 2)) / STEPS - 4
    labels = np.sort(rng.integers(0, 4, n)) if rng.random() < 0.5 else None
    return Drawing(points=points, labels=labels)


REFUSED = ("train for too long", "too much for one step", "Sampling would take too long", "this data has")
REFUSED += ("your own source first", "Images need noise", "starts from noise", "needs Gaussian noise")
REFUSED += ("is for the plane", "it must be learned")


def some_experiment(seed: int) -> Experiment:
    rng = random.Random(seed)
    while True:
        family = rng.choice(list(FAMILIES))
        name = rng.choice(list(DATASETS))
        named = NamedSet(name=name, settings=some_values(settings_model(name).model_fields, rng))
        budget = {key: Experiment.model_fields[key] for key in BUDGET}
        try:
            return Experiment(
                family=family,
                dataset=rng.choice([named, some_drawing(rng)]),
                config=some_values(FAMILIES[family].Config.model_fields, rng),
                **some_values(budget, rng),
            )
        except ValidationError as error:  # too dear, or a class that the data lacks: try another
            if not any(words in explain(error) for words in REFUSED):
                raise


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


# What is hostile.

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

PYDANTIC = (
    "Value error",
    "parse",
    "Input should",
    "Extra inputs",
    "instance of",
    "http",
    "type=",
    "validation error",
    "Config",
)


def assert_one_clear_sentence(error: ValidationError, most: int = 200) -> None:
    sentence = explain(error)
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert sentence.isprintable(), "one line"
    assert 10 < len(sentence) < most
    assert sentence[0].isupper() or not sentence[0].isascii()
    assert not [word for word in PYDANTIC if word in sentence]


def short(value) -> str:
    return repr(value)[:60]


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


# Links from elsewhere.

TAMPERED = [
    {"family": "nope"},
    {"family": ""},
    {"family": ["flow"]},
    {"family": LONG},
    {"dataset": "nope"},
    {"dataset": ""},
    {"dataset": "../../etc/passwd"},
    {"dataset": "two_moons", "data.nope": "1"},
    {"dataset": "two_moons", "data.noise": "NaN"},
    {"dataset": "two_moons", "data.noise": ""},
    {"dataset": "two_moons", "data.": "1"},
    {"points": ""},
    {"points": "A"},
    {"points": "AAAA"},
    {"points": "!!!!????"},
    {"points": "AAAABBBB."},
    {"points": "AAAABBBB.__"},
    {"points": "A" * 9_000},
    {"points": "AAAABBBB\x00"},
    {"width": "1e9"},
    {"width": ""},
    {"width": "0x40"},
    {"width": "nan"},
    {"steps": "-1"},
    {"steps": "9" * 5_000},
    {"steps": "1;DROP TABLE"},
    {"seed": "true"},
    {"learning_rate": "1e999"},
    {"learning_rate": "-inf"},
    {"solver": "<script>alert(1)</script>"},
    {"width": "256", "depth": "6", "batch_size": "4096"},
]


@pytest.mark.parametrize("query", TAMPERED, ids=short)
def test_tampered_links(query):
    with pytest.raises(ValidationError) as caught:
        Experiment.from_query(query)
    assert_one_clear_sentence(caught.value, most=400)


@pytest.mark.parametrize("seed", range(20))
def test_randomly_damaged_links(seed):
    """Whatever becomes of a link, it is an experiment, nothing at all, or a ValidationError."""
    rng = random.Random(seed)
    link = some_experiment(seed).to_query()
    for _ in range(20):
        at = rng.randrange(len(link))
        damaged = link[:at] + rng.choice(["", "%00", "&", "=", "9", "é", "."]) + link[at + rng.randrange(3) :]
        try:
            assert isinstance(Experiment.from_query(parse(damaged)), Experiment | None)
        except ValidationError as error:
            assert_one_clear_sentence(error, most=400)


@pytest.mark.parametrize("query", [{}, {"__theme": "dark"}, {"utm_source": "x", "nope": "1"}, {"data.noise": "99"}])
def test_links_that_ask_for_nothing(query):
    assert Experiment.from_query(query) is None


def test_names_that_no_setting_has_are_left_alone():
    asked = Experiment.from_query({"__theme": "dark", "nope": "1", "width": "64"})
    assert asked == Experiment(config={"width": 64})
