"""Hostile values for the documented endpoints: each gets one clear sentence, and nobody else notices."""

import json
import re

import pytest
from asking import TELLTALE, answers, is_a_sentence

from tests.api.hostile.values import DEEP, LESS_DEEP, LONG_TEXT, NUMBERS

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
        for event, more in MORE.items()
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
