"""The code of an experiment, by the route that the page fetches it from, and by the address of a file."""

import json

import pytest
from asking import is_a_sentence

from playground import Experiment
from playground.export import script


def sent(visitor, content) -> dict:
    reply = visitor.http.post("playground/code", content=content if isinstance(content, str) else json.dumps(content))
    assert reply.status_code == 200
    return reply.json()


def of_page(family="flow", dataset=None, **knobs) -> dict:
    return {"family": family, "dataset": json.dumps(dataset or {"name": "two_moons"}), "knobs": json.dumps(knobs)}


def test_the_page_gets_the_lines_the_script_and_the_notebook(visitor):
    answer = sent(visitor, of_page("vae", beta=2, steps=100))
    wanted = Experiment(family="vae", dataset="two_moons", steps=100, config={"beta": 2})
    assert answer["script"] == script(wanted)
    assert json.loads(answer["notebook"])["nbformat"] == 4
    assert [place for place, _ in answer["lines"] if "loss" in place] == ["families.vae.vae: VAE.loss"]
    own = sent(visitor, of_page(dataset={"points": [[0, 1], [2, 3], [-1, 0]], "labels": None, "on_canvas": True}))
    assert "b64decode" in own["script"]


def test_what_has_no_script_still_has_its_lines(visitor, monkeypatch):
    monkeypatch.setattr("playground.export.data.MOST_TEXT", 100)
    points = {"points": [[i % 7, i % 11] for i in range(200)], "on_canvas": False}
    answer = sent(visitor, of_page(dataset=points))
    assert answer.keys() == {"lines", "error"}
    assert is_a_sentence(answer["error"])


def test_a_file_by_its_address(visitor):
    query = "family=gan&dataset=ring&steps=50"
    reply = visitor.http.get(f"playground/code.py?{query}")
    assert reply.text == script(Experiment.from_query({"family": "gan", "dataset": "ring", "steps": "50"}))
    assert visitor.http.get(f"playground/code.ipynb?{query}").json()["nbformat"] == 4
    for bad in (
        "py",
        "py?steps=0",
        "py?points=!",
        "py?coordinates=AAAA",
        "py?dataset=nowhere",
        "ipynb?width=x",
        "exe?family=flow",
    ):
        reply = visitor.http.get(f"playground/code.{bad}")
        assert reply.status_code in (400, 404)
        assert is_a_sentence(reply.json()["error"]), bad


HOSTILE = [
    "",
    "null",
    "[]",
    "{}",
    {"family": "flow"},
    of_page() | {"more": 1},
    of_page("no family"),
    of_page(family=5),
    of_page(dataset={"name": "nowhere"}),
    of_page(dataset={"hash": "0" * 64}),
    of_page(steps=10**9),
    of_page(width='8\nimport os\n"""'),
    of_page() | {"knobs": None},
    of_page() | {"knobs": "[" * 50_000},
    "x" * 1_000_001,
]


@pytest.mark.parametrize("content", HOSTILE, ids=lambda content: str(content)[:60])
def test_anything_else_is_refused_in_a_sentence(visitor, content):
    answer = sent(visitor, content)
    assert answer.keys() == {"error"}
    assert is_a_sentence(answer["error"])
