"""A view can stand in a link, and a damaged link gets one clear sentence."""

import random
from urllib.parse import parse_qsl

import pytest
from pydantic import ValidationError

from playground import Experiment
from playground.messages import explain
from playground.scene import ViewState

VIEWS = [
    ViewState(),
    ViewState(layers=frozenset()),
    ViewState(layers=frozenset({"field"}), layout="journey", time=0.6),
    ViewState(layers=frozenset(f"layer_{i}" for i in range(32)), noise_draw=1_000_000),
    ViewState(time=0, weights="current"),
    ViewState(time=1 / 3, layout="a" * 32),
]


def parse(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))


@pytest.mark.parametrize("view", VIEWS, ids=range(len(VIEWS)))
@pytest.mark.parametrize("opening", [None, VIEWS[1], VIEWS[2]], ids=["plain", "empty", "journey"])
def test_a_link_restores_the_view(view, opening):
    query = view.to_query(opening)
    assert ViewState.from_query(parse(query), opening) == view
    assert (query == "") == (view == (opening or ViewState())), "only what differs is in it"


def test_what_it_looks_like():
    view = ViewState(layers=frozenset({"samples", "data"}), layout="journey", time=0.6)
    assert view.to_query() == "view.layers=data,samples&view.layout=journey&view.time=0.6"


def test_it_stands_beside_the_experiment():
    wanted, view = Experiment(dataset="ring", seed=3), ViewState(time=0.5)
    query = parse(f"{wanted.to_query()}&{view.to_query()}&__theme=dark")
    assert Experiment.from_query(query) == wanted
    assert ViewState.from_query(query) == view


DAMAGED = {
    "time is text": {"view.time": "late"},
    "time is nothing": {"view.time": ""},
    "time is NaN": {"view.time": "nan"},
    "time is infinite": {"view.time": "1e999"},
    "time is outside": {"view.time": "-0.1"},
    "layers without names": {"view.layers": "data,,paths"},
    "layers in a script": {"view.layers": "<script>alert(1)</script>"},
    "a layer of many letters": {"view.layers": "x" * 10_000},
    "too many layers": {"view.layers": ",".join(f"l{i}" for i in range(10_000))},
    "many layers without names": {"view.layers": "," * 1_000_000},
    "layers in a list": {"view.layers": ["data"], "view.time": ["0.5"]},
    "layout with a path": {"view.layout": "../../etc/passwd"},
    "no layout": {"view.layout": ""},
    "weights of another kind": {"view.weights": "heavy"},
    "a draw below zero": {"view.noise_draw": "-1"},
    "a draw without end": {"view.noise_draw": "9" * 5_000},
    "what there is not": {"view.nope": "1"},
    "no name": {"view.": "1"},
    "a name of Python's": {"view.__class__": "1"},
}


@pytest.mark.parametrize("query", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_link_gets_one_sentence(query):
    with pytest.raises(ValidationError) as caught:
        ViewState.from_query(query)
    sentence = explain(caught.value)
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert len(sentence) < 200
    assert not any(word in sentence for word in ("pattern", "frozenset", "Input", "String", "^"))
    assert len(caught.value.errors()) < 20, "one wrong layer is enough"


@pytest.mark.parametrize("seed", range(5))
def test_randomly_damaged_links(seed):
    rng = random.Random(seed)
    link = VIEWS[2].to_query() + "&view.noise_draw=4"
    for _ in range(100):
        at = rng.randrange(len(link))
        damaged = link[:at] + rng.choice(["", "%00", "&", "=", "9", "é", "."]) + link[at + rng.randrange(3) :]
        try:
            ViewState.from_query(dict(parse_qsl(damaged)))
        except ValidationError as error:
            sentence = explain(error)
            assert sentence.endswith(".")
