"""What links and files ask for, by the route that the page fetches it from."""

import json

import pytest
from asking import is_a_sentence

from playground import Experiment
from playground.ui.links.page_state import PageState

DEEP = "[" * 100_000


def sent(visitor, content: str | bytes) -> dict:
    reply = visitor.http.post("playground/state", content=content)
    assert reply.status_code == 200
    return reply.json()


def test_a_link_is_answered_with_the_state_of_the_page(visitor):
    query = "family=vae&dataset=two_moons&data.noise=0.2&beta=2&steps=77&view.time=0.5&step=5&utm_source=mail"
    state = visitor.http.get(f"playground/state?{query}").json()["state"]
    assert (state["family"], state["step"], state["view"]["time"]) == ("vae", 5, 0.5)
    assert state["dataset"] == {"name": "two_moons", "settings": {"noise": 0.2}}
    assert (state["knobs"]["beta"], state["knobs"]["steps"]) == (2, 77)
    assert visitor.http.get("playground/state").json() == {"state": None}
    assert visitor.http.get("playground/state?__theme=dark").json() == {"state": None}


def test_a_drawing_of_a_link_is_known_by_its_hash(app, visitor):
    wanted = Experiment(dataset=[[0.5, 1], [100, -3]])
    state = visitor.http.get(f"playground/state?{wanted.to_query()}").json()["state"]
    assert state["dataset"]["points"] == [[0.5, 1], [100, -3]]
    assert len(state["dataset"]["hash"]) == 64


def test_a_file_is_what_the_page_saves(visitor):
    wanted = Experiment(family="gan", dataset=[[0.5, 1], [100, -3]], labels=[0, 1], seed=3)
    state = PageState(experiment=wanted, view={"time": 0.25}, step=52)
    answer = sent(visitor, state.model_dump_json())["state"]
    assert (answer["family"], answer["step"], answer["knobs"]["seed"]) == ("gan", 52, 3)
    assert answer["dataset"]["labels"] == [0, 1]
    few = sent(visitor, '{"experiment": {"family": "vae"}}')["state"]
    assert (few["step"], few["family"], few["dataset"]["name"]) == (None, "vae", "eight_gaussians")


HOSTILE = {
    "nothing": "",
    "no JSON": "GIF89a",
    "bytes": b"\xff\xfe\x00" * 50,
    "null": "null",
    "a number": "5",
    "a list": "[]",
    "text": '"experiment"',
    "no experiment": "{}",
    "an experiment that is none": '{"experiment": null}',
    "a list for an experiment": '{"experiment": [1]}',
    "a number for an experiment": '{"experiment": 5}',
    "nested": DEEP,
    "nested inside": f'{{"experiment": {"[" * 5000}{"]" * 5000}}}',
    "NaN": '{"experiment": {"steps": NaN}}',
    "infinite": '{"experiment": {"config": {"learning_rate": 1e999}}}',
    "points of NaN": '{"experiment": {"dataset": {"points": [[NaN, 0], [1, 1]]}}}',
    "points of text": '{"experiment": {"dataset": {"points": [["a", "b"], [1, 1]]}}}',
    "too many points": json.dumps({"experiment": {"dataset": {"points": [[0, 0], [1, 1]] * 10_001}}}),
    "an unknown family": '{"experiment": {"family": "gun"}}',
    "an unknown setting": '{"experiment": {"config": {"exec": 1}}}',
    "an unknown field": '{"experiment": {"exec": 1}}',
    "something besides": '{"experiment": {}, "exec": 1}',
    "too much": '{"experiment": {"config": {"width": 256, "depth": 6}, "steps": 100000}}',
    "a view that is none": '{"experiment": {}, "view": 5}',
    "an unknown view": '{"experiment": {}, "view": {"exec": 1}}',
    "layers that are none": '{"experiment": {}, "view": {"layers": ["<b>"]}}',
    "a time outside": '{"experiment": {}, "view": {"time": 2}}',
    "a step before the first": '{"experiment": {}, "step": -1}',
    "a step beyond all": '{"experiment": {}, "step": 1000000000}',
    "a step of text": '{"experiment": {}, "step": "many"}',
    "a step that is true": '{"experiment": {}, "step": true}',
    "half a step": '{"experiment": {}, "step": 1.5}',
    "huge": json.dumps({"experiment": {}, "view": "x" * 1_100_000}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_gets_one_sentence(visitor, content):
    answer = sent(visitor, content)
    assert answer.keys() == {"error"}
    assert is_a_sentence(answer["error"])


@pytest.mark.parametrize(
    "query",
    ["steps=NaN", "dataset=../../etc/passwd", "points=A!!!", "coordinates=AAAA", "family=gun", "step=many", "step=-1",
     "view.time=2", "view.layers=%3Cb%3E", "view.nope=1", f"points={'A' * 9000}", f"coordinates={'A' * 9000}"],
)  # fmt: skip
def test_a_hostile_link_gets_one_sentence(visitor, query):
    answer = visitor.http.get(f"playground/state?{query}").json()
    assert is_a_sentence(answer["error"])
    assert answer["error"].startswith("This link can't be opened as it is. ")
