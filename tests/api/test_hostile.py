"""Hostile values: each gets one clear sentence, and nobody else notices."""

import json
import re

import pytest
from asking import TELLTALE, answers, is_a_sentence
from e2e import Visitor, page_events

DEEP = "[" * 5000 + "]" * 5000
LESS_DEEP = "[" * 200 + "]" * 200
LONG_TEXT = json.dumps("x" * 1_000_000)
NUMBERS = ["NaN", "Infinity", "-Infinity", "1e999", '"many"', "true", "null", "[1]", "{}", LESS_DEEP, LONG_TEXT]
POINTS = {
    "one point": "[[0, 0]]",
    "none": "[]",
    "too many": json.dumps([[0, 0], [1, 1]] * 10_000 + [[2, 2]]),
    "all in one place": "[[1, 1], [1, 1]]",
    "ragged": "[[0, 0], [1]]",
    "flat": "[0, 1, 2, 3]",
    "text": '[["a", "b"], [0, 0]]',
    "NaN": "[[NaN, 0], [1, 1]]",
    "infinite": "[[0, 1e999], [1, 1]]",
    "truth": "[[true, false], [1, 1]]",
    "far": "[[1e300, 0], [1, 1]]",
    "deep": f"[{LESS_DEEP}, [1, 1]]",
    "a huge integer": f"[[{'9' * 4000}, 0], [1, 1]]",
}
EXPERIMENTS = {
    **{f"steps {value[:9]}": f'{{"steps": {value}}}' for value in [*NUMBERS, "0", "-1", "1000000000", "1.5"]},
    **{f"seed {value[:9]}": f'{{"seed": {value}}}' for value in [*NUMBERS, "-1", "1e300"]},
    **{f"rate {value[:9]}": f'{{"config": {{"learning_rate": {value}}}}}' for value in [*NUMBERS, "0", "-1", "2"]},
    **{f"width {value[:9]}": f'{{"config": {{"width": {value}}}}}' for value in [*NUMBERS, "0", "9", "1000000000"]},
    **{f"solver {value[:9]}": f'{{"config": {{"solver": {value}}}}}' for value in [*NUMBERS, '"magic"']},
    **{f"points: {name}": f'{{"dataset": {points}}}' for name, points in POINTS.items()},
    "one point drawn": '{"dataset": {"points": [[0, 0]]}}',
    "unknown family": '{"family": "gun"}',
    "family is a number": '{"family": 5}',
    "family is a list": '{"family": ["flow"]}',
    "unknown data": '{"dataset": "five_moons"}',
    "data of a million letters": f'{{"dataset": {LONG_TEXT}}}',
    "data is a number": '{"dataset": 5}',
    "data is a truth": '{"dataset": true}',
    "settings of data": '{"dataset": {"name": "two_moons", "settings": {"noise": NaN}}}',
    "settings of data of the wrong kind": '{"dataset": {"name": "two_moons", "settings": []}}',
    "unknown settings of data": '{"dataset": {"name": "two_moons", "settings": {"poison": 1}}}',
    "data with a path": '{"dataset": "../../../etc/passwd"}',
    "damaged link": '{"dataset": {"points": "A!!!"}}',
    "outside the square": '{"dataset": {"points": [[5, 0], [1, 1]]}}',
    "classes of the wrong length": '{"dataset": [[0, 0], [1, 1]], "labels": [0]}',
    "classes out of range": '{"dataset": [[0, 0], [1, 1]], "labels": [0, 10]}',
    "classes without points": '{"labels": [0, 1]}',
    "unknown field": '{"exec": 1}',
    "unknown setting": '{"config": {"exec": 1}}',
    "a name of a million letters": f'{{"config": {{{LONG_TEXT}: 1}}}}',
    "config is a list": '{"config": []}',
    "config is null": '{"config": null}',
    "too much for a step": '{"config": {"width": 256, "depth": 6, "batch_size": 4096}}',
    "too much for a run": '{"config": {"width": 256, "depth": 6}, "steps": 100000}',
    "no object": "5",
    "null": "null",
    "a list": "[]",
    "text": '"flow"',
    "deep": LESS_DEEP,
}
QUESTIONS = {
    "unknown": '{"ask": "everything"}',
    "none": "{}",
    "null": "null",
    "a list": "[]",
    "a list of names": '{"ask": ["trace"]}',
    "time outside": '{"ask": "trace", "x": [0, 0], "t": 1.5}',
    "time before": '{"ask": "trace", "x": [0, 0], "t": -0.1}',
    "time is no number": '{"ask": "trace", "x": [0, 0], "t": NaN}',
    "no place": '{"ask": "trace"}',
    "a place of one number": '{"ask": "trace", "x": [0]}',
    "a place of three": '{"ask": "trace", "x": [0, 0, 0]}',
    "a place of text": '{"ask": "trace", "x": "ab"}',
    "a place that is no number": '{"ask": "trace", "x": [NaN, 0]}',
    "an infinite place": '{"ask": "trace", "x": [0, 1e999]}',
    "a place of truths": '{"ask": "trace", "x": [true, false]}',
    "too many": '{"ask": "sample", "n": 10000000}',
    "none at all": '{"ask": "sample", "n": 0}',
    "a seed below zero": '{"ask": "sample", "seed": -1}',
    "samples of NaN": '{"ask": "sample", "n": NaN}',
    "what is not asked": '{"ask": "sample", "path": "/etc/passwd"}',
    "deep": f'{{"ask": {LESS_DEEP}}}',
    "a step before the first": '{"ask": "sample", "step": -1}',
    "a step that never was": '{"ask": "sample", "step": 4001}',
    "a step that was before this server": '{"ask": "sample", "step": 52}',
    "a step without end": '{"ask": "sample", "step": 1e999}',
    "a step of twenty digits": f'{{"ask": "sample", "step": {10**20}}}',
    "half a step": '{"ask": "sample", "step": 1.5}',
    "a step that is no number": '{"ask": "picture", "step": NaN}',
    "a step of text": '{"ask": "picture", "step": "52"}',
    "a step that is a truth": '{"ask": "picture", "step": true}',
    "a view of text": '{"ask": "picture", "step": 4000, "view": "all"}',
    "a view of another time": '{"ask": "picture", "step": 4000, "view": {"time": 2}}',
    "a view of a million letters": f'{{"ask": "picture", "step": 4000, "view": {{"layout": {LONG_TEXT}}}}}',
}
LOOKS = {
    "null": "null",
    "a number": "5",
    "NaN": '{"time": NaN}',
    "outside": '{"time": 2}',
    "text": '{"time": "late"}',
    "layers are a number": '{"layers": 5}',
    "layers are no names": '{"layers": [5]}',
    "too many layers": json.dumps({"layers": [f"layer {i}" for i in range(100_000)]}),
    "unknown names": '{"colour": "red"}',
    "layers that are no words": '{"layers": ["<b>"]}',
    "a layer of a million letters": f'{{"layers": [{LONG_TEXT}]}}',
    "a layout of a million letters": f'{{"layout": {LONG_TEXT}}}',
    "a negative draw": '{"noise_draw": -1}',
    "a draw without end": '{"noise_draw": 1e99}',
    "weights of another kind": '{"weights": "heavy"}',
}
SLOTS = ['"gun"', '"GUN"', '""', '"../flow"', "5", "null", '["flow"]', '{"flow": 1}', LONG_TEXT, LESS_DEEP]
COUNTS = [*NUMBERS, "0", "-1", "1000000000", "1.5", '"1"']
MORE = {"train": ', ""', "step": ', 1, "", ""', "reset": ', ""', "edit": ', ""', "dataset": ", 5, 0"}
CASES = {
    **{f"share: {name}": ("share", f"[{text}]") for name, text in EXPERIMENTS.items()},
    # The others take experiments through the same gate: a few of each kind tell that it is there.
    **{
        f"{event}: {name}": (event, f"[{EXPERIMENTS[name]}{more}]")
        for event, more in {
            "train": ', ""',
            "step": ', 1, "", ""',
            "reset": ', ""',
            "edit": ', ""',
            "dataset": ", 5, 0",
        }.items()
        for name in ["steps NaN", "points: one point", "unknown family", "null", "too much for a step"]
    },
    **{f"step of {count[:9]}": ("step", f'[{{}}, {count}, "", ""]') for count in COUNTS},
    **{f"data of {count[:9]}": ("dataset", f"[{{}}, {count}, 0]") for count in COUNTS},
    **{f"data from {seed[:9]}": ("dataset", f"[{{}}, 5, {seed}]") for seed in NUMBERS},
    **{f"question: {name}": ("ask", f'[{text}, "flow"]') for name, text in QUESTIONS.items()},
    **{f"look: {name}": ("look", f'[{text}, "flow"]') for name, text in LOOKS.items()},
    **{f"ask in slot {name[:9]}": ("ask", f'[{{"ask": "sample"}}, {name}]') for name in SLOTS},
    **{f"look in slot {name[:9]}": ("look", f"[{{}}, {name}]") for name in SLOTS},
    **{f"pause slot {name[:9]}": ("pause", f"[{name}]") for name in SLOTS},
    **{f"train in slot {name[:9]}": ("train", f"[{{}}, {name}]") for name in SLOTS if name not in ('""', '"gun"')},
}
WORDS_OF_PYTHON = re.compile(r"frozenset|tuple|\bdict\b|\bint\b|\bstr\b|validat", re.IGNORECASE)


@pytest.mark.parametrize(("event", "data"), CASES.values(), ids=CASES)
def test_a_hostile_value_gets_one_sentence(visitor, event, data):
    given, sentence = visitor.call(event, data)
    assert given is None
    assert is_a_sentence(sentence), sentence
    assert not WORDS_OF_PYTHON.search(sentence), sentence
    assert not visitor.app.runs(visitor.name) or event in ("ask", "look")


@pytest.fixture(autouse=True, scope="module")
def life_goes_on(app):
    """After all of it, somebody else trains as if nothing had been."""
    yield
    trains(other := Visitor(app))
    other.leave()


def trains(visitor: Visitor) -> None:
    given, sentence = visitor.call("train", '[{"dataset": "two_moons", "steps": 5}, ""]')
    assert sentence == ""
    assert (given[0]["step"], given[0]["state"]) == (5, "done")


@pytest.mark.parametrize("body", ["null", "{}", '"x"', DEEP, f"[{DEEP}]", f'[{{"dataset": {DEEP}}}]', "[", ""])
def test_a_body_that_is_no_request_is_refused(visitor, body):
    """Gradio answers these itself, before anything of the playground's sees them."""
    answer = visitor.join("share", body)
    assert 400 <= answer.status_code < 500
    assert not TELLTALE.search(answer.text)
    answers(visitor)


@pytest.mark.parametrize("data", ["-Infinity", "NaN", '"\\ud800"', '{"a": [1e999]}', '"x"'])
def test_data_that_are_no_list_of_values_are_refused_in_a_sentence(visitor, data):
    """FastAPI would repeat them, though they are not JSON."""
    answer = visitor.join("share", data)
    assert answer.status_code == 422
    assert is_a_sentence(answer.json()["error"])
    answers(visitor)


@pytest.mark.parametrize(("event", "data"), [("share", "[]"), ("train", "[{}]"), ("dataset", "[{}, 5]")])
def test_too_few_values_get_one_sentence(visitor, event, data):
    given, sentence = visitor.call(event, data)
    assert given is None
    assert is_a_sentence(sentence), sentence
    answers(visitor)


@pytest.mark.parametrize("path", ["assets/" + "é" * 300, "static/" + "x" * 300, "gradio_api/file=/" + "x" * 300])
def test_a_name_that_no_file_can_have_names_none(visitor, path):
    answer = visitor.http.get(path)
    assert 400 <= answer.status_code < 500
    assert not TELLTALE.search(answer.text)


def test_the_stream_of_a_session_that_is_not_there_ends(visitor, caplog):
    """As that of a page does after the app was started again."""
    assert [message.get("session_not_found") for message in visitor.listen()] == [True]
    assert not caplog.records


# The page's own events are private, which hides them and nothing more.

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
