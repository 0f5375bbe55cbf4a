"""A page sends a drawing once, past Gradio's queue, and then its hash."""

import json

import httpx
import pytest
from asking import is_a_sentence
from e2e import page_events

from playground.data import Drawing
from playground.ui.drawings import digest
from playground.ui.requests import MAX_TEXT

POINTS = [[-1.0, 0.5], [2.0, -3.0], [0.25, 0.125]]
DRAWING = {"points": POINTS, "labels": [0, 3, 1], "on_canvas": True}
KNOBS = json.dumps({"steps": 5, "width": 32, "depth": 2, "batch_size": 64})


@pytest.fixture
def send(app):
    def sent(body: bytes) -> dict:
        reply = httpx.post(app.url + "playground/data", content=body, timeout=60)
        assert reply.status_code == 200
        return reply.json()

    return sent


@pytest.fixture
def event(app):
    """The index of one of the page's own events of the flow's tab, by its name."""

    def found(name: str) -> int:
        return next(e["id"] for key, e in page_events(app).items() if f".{name}." in key and e["targets"][0][0])

    return found


def told(visitor, event: int, dataset: dict, data: str = "{}") -> dict:
    given, sentence = visitor.call(event, json.dumps([json.dumps(dataset), KNOBS]), event_data=data)
    assert sentence == ""
    return json.loads(given[0])


def test_a_drawing_is_answered_with_its_hash_and_the_hash_stands_for_it(app, send, visitor, event):
    answer = send(json.dumps({"dataset": DRAWING}).encode())
    assert answer == {"hash": digest(Drawing.model_validate(DRAWING))}
    frame = told(visitor, event("train"), answer)
    assert (frame["step"], frame["state"]) == (5, "done")
    assert app.runs(visitor.name)[0].experiment.dataset == Drawing.model_validate(DRAWING)
    whole = told(visitor, event("reset"), DRAWING)
    assert whole["layers"]["samples"] == told(visitor, event("reset"), answer)["layers"]["samples"]


@pytest.mark.parametrize("name", ["train", "step", "reset", "opened"])
def test_a_hash_that_is_not_there_asks_for_the_drawing(app, visitor, event, name):
    notice = told(visitor, event(name), {"hash": "0" * 64}, '{"steps": 1, "query": ""}')
    assert (notice["lacks"], notice["asked"]) == ("data", name)
    assert is_a_sentence(notice["error"])
    assert not app.runs(visitor.name)


def test_an_edit_says_so_too(app, visitor):
    turned = next(e["id"] for key, e in page_events(app).items() if ".turned." in key and len(e["inputs"]) == 2)
    notice = told(visitor, turned, {"hash": "0" * 64})
    assert (notice["lacks"], notice["asked"]) == ("data", "edit")


def test_what_comes_with_its_hash_needs_no_store(visitor, event):
    assert told(visitor, event("reset"), DRAWING | {"hash": "0" * 64})["step"] == 0


@pytest.mark.parametrize("value", [5, None, [], {}, "x", "0" * 63, True])
def test_what_is_no_hash_is_not_there(visitor, event, value):
    assert told(visitor, event("reset"), {"hash": value})["lacks"] == "data"


HOSTILE = {
    "nothing": b"",
    "no JSON": b"\xff\xfe",
    "a number": b"5",
    "null": b"null",
    "a list": b"[]",
    "deep": b"[" * 60_000,
    "deep points": b'{"dataset": {"points": ' + b"[" * 60_000 + b"]" * 60_000 + b"}}",
    "long": b'"' + b"a" * (MAX_TEXT + 1) + b'"',
    "no data": b"{}",
    "data is text": b'{"dataset": "two_moons"}',
    "a set": b'{"dataset": {"name": "two_moons", "settings": {}}}',
    "a hash": b'{"dataset": {"hash": "' + b"0" * 64 + b'"}}',
    "more than data": json.dumps({"dataset": DRAWING, "exec": 1}).encode(),
    "more than a drawing": json.dumps({"dataset": DRAWING | {"exec": 1}}).encode(),
    "one point": b'{"dataset": {"points": [[0, 0]], "on_canvas": true}}',
    "no points": b'{"dataset": {"points": null}}',
    "NaN": b'{"dataset": {"points": [[NaN, 0], [1, 1]]}}',
    "infinite": b'{"dataset": {"points": [[1e999, 0], [1, 1]]}}',
    "far": b'{"dataset": {"points": [[1e300, 0], [1, 1]], "on_canvas": false}}',
    "outside": b'{"dataset": {"points": [[5, 0], [1, 1]], "on_canvas": true}}',
    "too many": json.dumps({"dataset": {"points": [[0, 0], [1, 1]] * 10_001}}).encode(),
    "classes out of range": json.dumps({"dataset": DRAWING | {"labels": [0, 1, 10]}}).encode(),
    "classes of the wrong length": json.dumps({"dataset": DRAWING | {"labels": [0]}}).encode(),
    "a damaged link": b'{"dataset": {"points": "A!!!"}}',
    "a square of text": json.dumps({"dataset": DRAWING | {"on_canvas": "yes"}}).encode(),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_drawing_gets_one_sentence(send, body):
    answer = send(body)
    assert answer.keys() == {"error"}
    assert is_a_sentence(answer["error"]), answer


def test_a_drawing_of_most_points_fits(send):
    step = 1 / 512
    points = [[-4 + step * (i % 4096), -3.998046875] for i in range(20_000)]
    body = json.dumps({"dataset": {"points": points, "labels": [i % 4 for i in range(20_000)], "on_canvas": True}})
    assert send(body.encode()).keys() == {"hash"}


def test_an_upload_comes_with_its_hash(visitor, event):
    reply = visitor.http.post("playground/upload", params={"name": "a.csv"}, content=b"0,1\n2,3\n4,5\n")
    value = reply.json()["dataset"]
    assert told(visitor, event("reset"), {"hash": value["hash"]})["step"] == 0
    [run] = visitor.app.runs(visitor.name)
    assert run.experiment.dataset.points.tolist() == [[0, 1], [2, 3], [4, 5]]
