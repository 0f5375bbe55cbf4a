"""The page's own events, which are private, survive any values."""

import json
import re

import pytest
from asking import answers, is_a_sentence
from e2e import page_events

from tests.api.hostile.values import LESS_DEEP, LONG_TEXT, NUMBERS

DATA = json.dumps({"name": "two_moons", "settings": {}})
KNOBS = json.dumps({"steps": 5, "width": 32})
VALUES = {
    "five numbers": [1, 2, 3, 4, 5],
    "nulls": [None, None],
    "objects": [{}, []],
    "words": ["x", "x"],
    "a million letters": ["x" * 1_000_000] * 2,
    "more than a million letters": [f'"{"x" * 1_100_000}"'] * 2,
    "unfinished": ["[" * 5000, "{}"],
    "deep": ["[" * 100_000 + "]" * 100_000, "{}"],
    "deep settings": [DATA, '{"width": ' + "[" * 100_000 + "]" * 100_000 + "}"],
    "NaN": ["NaN", "NaN"],
    "settings are a list": [DATA, "[]"],
    "steps are NaN": [DATA, '{"steps": NaN}'],
    "points of text": ['{"points": "AAAA!"}', KNOBS],
    "one point": ['{"points": [[0, 0]], "on_canvas": true}', KNOBS],
}
EVENT_DATA = {
    "null": "null",
    "a list": "[]",
    "text": '"x"',
    "a number": "5",
    "steps are text": '{"steps": "x"}',
    "steps are a list": '{"steps": [1]}',
    "steps are NaN": '{"steps": NaN}',
    "steps are infinite": '{"steps": 1e999}',
    "steps are a truth": '{"steps": true}',
    "half a step": '{"steps": 1.5}',
    "no steps": '{"steps": 0}',
    "a hundred thousand layers": json.dumps({"layers": [f"layer {i}" for i in range(10**5)]})[:-1] + ', "time": NaN}',
    "layers are an object": '{"layers": {"a": 1}, "time": 0}',
    "time is text": '{"layers": [], "time": "x"}',
}
STEPS = [
    *(number for number in NUMBERS if number != "null"),
    "-1",
    "1000000000",
    "1.5",
    '"5"',
    "[5]",
    '{"at": 5}',
    LONG_TEXT,
    LESS_DEEP,
]


def survived(given, sentence) -> None:
    """Whatever came back is an answer, a refusal, or nothing; and nothing of the machine is in it."""
    text = sentence if given is None else json.dumps(given)
    assert not re.search(r"Traceback|NoneType|site-packages|\.py\b|frozenset", text[:10_000])
    for value in given or []:
        if isinstance(value, str) and value.startswith('{"error"'):
            assert is_a_sentence(json.loads(value)["error"]), value


def kinds_of_events(app) -> dict[str, dict]:
    """The first and the last event of each name and form: the tabs of families have the same handlers, and the race,
    whose tab is the last, has others."""
    kinds: dict[tuple, list] = {}
    for name, event in page_events(app).items():
        form = (name.split(".")[1], len(event["inputs"]), len(event["outputs"]))
        kinds.setdefault(form, []).append((name, event))
    return dict(kept for found in kinds.values() for kept in (found[0], found[-1]))


@pytest.mark.parametrize("values", VALUES.values(), ids=VALUES)
def test_the_page_s_events_survive_any_values(app, new_visitor, values):
    for name, event in kinds_of_events(app).items():
        visitor = new_visitor()
        data = json.dumps(values[: len(event["inputs"])] if values != VALUES["five numbers"] else values)
        if "upload" not in name:
            survived(*visitor.call(event["id"], data, event_data="{}"))
        visitor.leave()


def stage_event(app, name: str) -> int:
    return next(event["id"] for key, event in page_events(app).items() if f".{name}." in key and event["targets"][0][0])


@pytest.mark.parametrize("event_data", EVENT_DATA.values(), ids=EVENT_DATA)
def test_the_page_s_events_survive_any_event_data(app, new_visitor, event_data):
    for name in ("train", "step", "pause", "reset", "look"):
        visitor = new_visitor()
        inputs = [DATA, KNOBS] if name in ("train", "step", "reset") else []
        given, sentence = visitor.call(stage_event(app, name), json.dumps(inputs), event_data=event_data)
        survived(given, sentence)
        if name == "step" and ("step" in event_data or event_data[0] != "{"):  # it must say so, not end without a word
            assert given, f"{name}: nothing came back"
            assert is_a_sentence(json.loads(given[0])["error"])
        visitor.leave()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[:9])
def test_a_step_to_train_from_that_is_none_gets_one_sentence(app, visitor, step):
    given, sentence = visitor.call(stage_event(app, "step"), json.dumps([DATA, KNOBS]), event_data='{"steps": 2}')
    assert sentence == ""
    [run] = app.runs(visitor.name)
    for event in ("train", "step"):
        at = f'{{"at": {step}}}'
        given, sentence = visitor.call(stage_event(app, event), json.dumps([DATA, KNOBS]), event_data=at)
        sentence = sentence or json.loads(given[0])["error"]
        assert is_a_sentence(sentence), sentence
    given, sentence = visitor.call("fork", f'["flow", {step}, {{}}]')
    assert given is None
    assert is_a_sentence(sentence), sentence
    assert app.runs(visitor.name) == [run], "it is as it was"


def test_a_run_that_is_not_there_is_not_trained_on(app, visitor):
    for told in ('{"at": 0}', '{"at": 0, "run": "another"}', '{"at": 0, "run": [1]}'):
        given, _ = visitor.call(stage_event(app, "train"), json.dumps([DATA, KNOBS]), event_data=told)
        assert json.loads(given[0])["error"] == "This run is no longer there. Press Train to start another."
        assert not app.runs(visitor.name)


@pytest.mark.parametrize("index", [999, -1, 10**9])
def test_an_event_that_does_not_exist_takes_nothing_down(new_visitor, index):
    assert new_visitor().join(index, "[]").status_code >= 400
    answers(new_visitor())
