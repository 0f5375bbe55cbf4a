"""Links from elsewhere, tampered with or damaged: an experiment, nothing at all, or one clear sentence."""

import random

import pytest
from pydantic import ValidationError

from playground import Experiment
from tests.experiment.random_experiments import parse, some_experiment
from tests.experiment.refusals import LONG, assert_one_clear_sentence, short

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
