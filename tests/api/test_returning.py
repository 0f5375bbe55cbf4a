"""Who comes back is known by the token that the page left, and by nothing else."""

import json
import uuid

import pytest
from asking import is_a_sentence
from e2e import page_events, until

DATA = json.dumps({"name": "two_moons", "settings": {}})
KNOBS = json.dumps({"width": 32, "depth": 2, "batch_size": 64, "steps": 100_000})


def event(app, name: str) -> int:
    return next(e["id"] for key, e in page_events(app).items() if f".{name}." in key)


def greets(app, visitor, token) -> str:
    """The name by which the visitor's runs are known from then on."""
    given, sentence = visitor.call(event(app, "greets"), "[]", event_data=json.dumps({"token": token}))
    assert sentence == ""
    return json.loads(given[0])["visitor"]


def comes_back(app, visitor) -> dict:
    """The last frame of what opens for a page that says that it comes back."""
    given, sentence = visitor.call(event(app, "opened"), json.dumps([DATA, KNOBS]), event_data='{"back": true}')
    assert sentence == ""
    return json.loads(given[0])


def test_only_who_has_the_token_comes_back_to_the_run(app, new_visitor):
    first, stranger, second = new_visitor(), new_visitor(), new_visitor()
    token = str(uuid.uuid4())
    assert greets(app, first, token) == first.name
    first.join(event(app, "train"), json.dumps([DATA, KNOBS]), event_data="{}")
    for message in first.listen():
        if message["msg"] == "process_generating" and app.runs(first.name)[0].step_count > 0:
            break  # and with it the stream is closed
    [run] = app.runs(first.name)
    until(lambda: run.state == "paused", timeout=20, why="the run rests while nobody watches it")

    assert greets(app, stranger, str(uuid.uuid4())) == stranger.name
    frame = comes_back(app, stranger)
    assert (frame["run"], frame["step"]) != (run.name, run.step_count)
    assert frame["step"] == 0

    assert greets(app, second, token) == first.name
    second.join(event(app, "opened"), json.dumps([DATA, KNOBS]), event_data='{"back": true}')
    until(lambda: run.state == "training", timeout=20, why="the run goes on for who comes back")
    assert app.runs(first.name) == [run]
    second.call(event(app, "pause"), "[]", event_data="{}")
    until(lambda: run.state == "paused", timeout=20, why="and obeys")


@pytest.mark.parametrize("token", [None, 5, "", "x" * 1_000_000, ["a"], {"a": 1}, "../../etc/passwd", "é" * 36])
def test_a_token_that_is_none_is_ignored(app, visitor, token):
    assert greets(app, visitor, token) == visitor.name


@pytest.mark.parametrize("run", [5, None, "", "nope", ["a"], "aside/1", "flow", "x" * 100_000])
def test_a_run_that_was_not_set_aside_can_t_be_brought_back(app, visitor, run):
    data = json.dumps({"aside": True, "run": run, "step": 5})
    given, sentence = visitor.call(event(app, "opened"), json.dumps([DATA, KNOBS]), event_data=data)
    assert sentence == ""
    assert json.loads(given[0])["step"] == 5, "it is trained to where it was"


@pytest.mark.parametrize("step", [-1, 1.5, "5", True, [5], 10**9])
def test_a_step_that_there_is_not_gets_a_sentence(app, visitor, step):
    data = json.dumps({"step": step})
    given, _ = visitor.call(event(app, "opened"), json.dumps([DATA, KNOBS]), event_data=data)
    frame = json.loads(given[0])
    assert is_a_sentence(frame["error"])
