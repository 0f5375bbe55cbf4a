"""A race as plain data: what it allows, its link, and its budgets."""

import re
from urllib.parse import parse_qsl

import numpy as np
import pytest
from pydantic import ValidationError

from playground.budget import MAX_RACE_COST
from playground.experiment import LONGEST, Experiment
from playground.families import FAMILIES
from playground.messages import explain
from playground.race import MOST_LANES, Race
from playground.race.parameters import parameters, resized
from playground.race.ranking import ranks

ALL = tuple(FAMILIES)


def linked(race: Race) -> Race | None:
    return Race.from_query(dict(parse_qsl(race.to_query())))


def test_all_contestants_have_the_same_data_seed_and_steps():
    race = Race(dataset="two_moons", contestants=ALL, basis="steps", steps=300, seed=7)
    found = race.experiments(round=2)
    assert [experiment.family for experiment in found] == list(ALL)
    assert {(experiment.dataset, experiment.steps, experiment.seed) for experiment in found} == {(race.dataset, 300, 9)}


def test_a_race_comes_back_from_json_and_from_its_link():
    wide = {"family": "flow", "name": "Wide  \n &=", "config": {"width": 128, "path": "eased"}}
    race = Race(dataset={"name": "two_moons", "settings": {"noise": 0.2}}, contestants=("gan", wide), seeds=3)
    assert race.contestants[1].name == "Wide &=", "one line"
    assert Race(dataset="ring", contestants=("gan", wide, "gan", wide)).titles == [
        "GAN",
        "Wide &=",
        "GAN 2",
        "Wide &= 2",
    ]
    assert Race.model_validate_json(race.model_dump_json()) == linked(race) == race
    paced = race.with_paces([1e-3, 2e-3])
    assert linked(paced) == paced
    assert [contestant.steps for contestant in paced.contestants] == [10_000, 5_000]
    assert paced.unpaced() == race
    assert Race.from_query({"family": "gan", "dataset": "two_moons"}) is None


def test_a_drawing_is_in_the_link_as_far_as_it_fits():
    points = np.random.default_rng(0).normal(size=(100, 2)).tolist()
    race = Race(dataset={"points": points}, contestants=("flow", "flow"), basis="steps")
    back = linked(race)
    assert back is not None
    assert np.allclose(back.dataset.points, race.dataset.points, atol=1e-2)


@pytest.mark.parametrize("dataset", ["two_moons", "digits", "coloured_shapes"])
def test_settings_that_nobody_changed_follow_the_data(dataset):
    """The page sends all settings of a contestant; with other data, those that were usual are usual again."""
    all_usual = {"family": "flow", "config": FAMILIES["flow"].Config().model_dump()}
    race = Race(dataset="two_moons", contestants=("gan", all_usual | {"config": all_usual["config"] | {"depth": 2}}))
    assert [contestant.config for contestant in race.contestants] == [{}, {"depth": 2}]
    moved = Race.model_validate(dict(race) | {"dataset": dataset})
    for number, family in enumerate(("gan", "flow")):
        usual = Experiment(family=family, dataset=dataset).config
        changes = {"depth": 2} if family == "flow" else {}
        assert moved.experiment(number).config == usual.model_copy(update=changes)
    assert linked(moved) == moved


@pytest.mark.parametrize("family", ["flow", "gan", "vae", "diffusion"])
def test_of_convolutions_the_channels_are_chosen(family):
    config = Experiment(family=family, dataset="digits").config
    few, many = (resized(family, config, (8, 8), wanted) for wanted in (5_000, 60_000))
    assert few.channels < many.channels
    assert few.width == many.width == config.width
    assert parameters(family, few, (8, 8)) < parameters(family, many, (8, 8))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"contestants": ["flow"]}, "two to 8 contestants"),
        ({"contestants": ["flow"] * (MOST_LANES + 1)}, "two to 8 contestants"),
        ({"contestants": "flow,gan"}, "two to 8 contestants"),
        ({"contestants": ["flow", "cow"]}, "no family of that name"),
        ({"contestants": ["flow", 3]}, "valid dictionary|names with values"),
        ({"contestants": ["flow", {"family": "gan", "config": {"width": 9}}]}, "multiple of 8"),
        ({"contestants": ["flow", {"family": "gan", "config": {"hue": 9}}]}, "no setting called"),
        ({"contestants": ["flow", {"family": "gan", "name": "x" * 25}]}, "at most 24"),
        ({"contestants": ["flow", "gan"], "seconds": float("nan")}, "Seconds"),
        ({"contestants": ["flow", "gan"], "seeds": True}, "Seeds"),
        ({"contestants": ["flow", "gan"], "basis": "luck"}, "(?i)basis"),
        ({"contestants": ["flow", "gan"], "dataset": "cow"}, "cow"),
        ({"contestants": ["flow", "gan"], "basis": "steps", "steps": LONGEST, "seeds": 5}, "would take"),
    ],
)
def test_what_is_refused_gets_a_sentence(given, sentence):
    with pytest.raises(ValidationError) as refused:
        Race.model_validate({"dataset": "two_moons"} | given)
    assert re.search(sentence, explain(refused.value)), explain(refused.value)


def test_the_contestant_that_costs_too_much_is_named():
    config = {"width": 256, "depth": 6, "batch_size": 4096}
    with pytest.raises(ValidationError) as refused:
        Race(dataset="two_moons", contestants=("gan", {"family": "flow", "name": "Giant", "config": config}))
    assert explain(refused.value).startswith("Giant: ")


def test_measured_steps_stay_within_the_budget_of_a_race():
    race = Race(dataset="two_moons", contestants=("flow", "diffusion") * 4, seconds=60, seeds=5)
    paced = race.with_paces([1e-9] * 8)
    assert paced.paced
    assert not race.paced
    assert all(1 <= (contestant.steps or 0) <= LONGEST for contestant in paced.contestants)
    with pytest.raises(ValidationError, match="would take"):
        Race.model_validate(
            dict(paced)
            | {"contestants": [c.model_copy(update={"steps": 2 * (c.steps or 0)}) for c in paced.contestants]}
        )
    assert MAX_RACE_COST > 0


@pytest.mark.parametrize("family", ALL)
def test_equal_parameters_are_as_near_as_the_width_allows(family):
    config, wanted = FAMILIES[family].Config(), 10_000
    found = resized(family, config, (2,), wanted)
    sizes = {w: parameters(family, config.model_copy(update={"width": w}), (2,)) for w in range(8, 257, 8)}
    best = min(sizes, key=lambda width: abs(sizes[width] - wanted))
    assert found == config.model_copy(update={"width": best})
    assert resized(family, config, (2,), 1).width == 8
    assert resized(family, config, (2,), 10**9).width == 256


def test_ranks_are_shared_where_the_difference_may_be_chance():
    """The twin of tests/js/ranking.test.js."""
    assert ranks([[0.3], [0.1], [0.2]], 0) == [3, 1, 2]
    assert ranks([[0.1], [0.16], [0.22]], 0.1) == [1, 1, 3]
    assert ranks([[1], [1.7]], 1) == [1, 1]
    assert ranks([[1], [1.72]], 1) == [1, 2]
    assert ranks([[1] * 4, [1.4] * 4], 1) == [1, 2]
    assert ranks([[0, 2, 0, 2], [1.4] * 4], 1) == [1, 1]
