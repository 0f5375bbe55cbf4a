"""Lessons of links and files, by the route that the page fetches them from."""

import base64
import json
import zlib

import pytest
from asking import is_a_sentence

STEP = {"title": "One", "text": "A step.", "state": "family=gan&dataset=ring"}
ASKS = {
    "asks": "How many?",
    "measure": {"what": "value", "scalar": "modes"},
    "choices": [{"says": "all", "range": [8, 8]}, {"says": "fewer", "range": [None, 7]}],
}


def lesson(*steps: dict, **changes) -> dict:
    return {"title": "Mine", "about": "What I teach.", "steps": list(steps) or [STEP | changes]}


def sent(visitor, content: dict | str) -> dict:
    text = content if isinstance(content, str) else json.dumps(content)
    reply = visitor.http.post("playground/state", content=text)
    assert reply.status_code == 200
    return reply.json()


def linked(visitor, **query: str) -> dict:
    return visitor.http.get("playground/state", params=query).json()


def packed(data: bytes) -> str:
    packing = zlib.compressobj(9, wbits=-15)
    return base64.urlsafe_b64encode(packing.compress(data) + packing.flush()).decode().rstrip("=")


def test_a_link_is_answered_with_the_lesson_and_the_state_of_its_step(visitor):
    told = linked(visitor, lesson="gan.4")
    assert (told["at"], told["lesson"]["code"]) == (3, "gan")
    assert told["state"] == told["lesson"]["steps"][3]["state"]
    assert told["state"]["knobs"]["r1"] == 0
    assert linked(visitor, lesson="gan")["at"] == 0


def test_what_somebody_sees_beside_a_step_is_in_the_link(visitor):
    told = linked(visitor, lesson="gan.4", family="gan", dataset="ring", r1="1.5", step="7")
    assert (told["at"], told["state"]["knobs"]["r1"], told["state"]["step"]) == (3, 1.5, 7)


def test_a_teachers_file_becomes_a_link(visitor):
    mine = lesson(STEP | {"press": "train", "question": ASKS, "hides": ["objective"]}, STEP | {"title": "<b>Two</b>"})
    told = sent(visitor, mine)
    assert [step["title"] for step in told["lesson"]["steps"]] == ["One", "<b>Two</b>"]
    assert told["lesson"]["steps"][0]["question"]["measure"]["title"] == "Modes captured"
    again = linked(visitor, lesson=f"{told['lesson']['code']}.2")
    assert again["at"] == 1
    assert again["lesson"] == told["lesson"]


def test_a_state_may_be_what_a_saved_file_holds(visitor):
    saved = {"experiment": {"family": "vae", "dataset": {"points": [[0, 1], [2, 3]]}}, "view": {"time": 0.5}, "step": 5}
    [step] = sent(visitor, lesson(state=saved))["lesson"]["steps"]
    assert (step["state"]["family"], step["state"]["step"], step["state"]["view"]["time"]) == ("vae", 5, 0.5)
    assert len(step["state"]["dataset"]["hash"]) == 64


def test_a_long_lesson_is_opened_but_has_no_link(visitor):
    points = [[i * 7919 % 1009 / 150 - 3, i * 104_729 % 997 / 150 - 3] for i in range(3000)]
    long = lesson(state={"experiment": {"dataset": {"points": points}}})
    told = sent(visitor, long)
    assert told["lesson"]["code"] is None
    assert len(told["lesson"]["steps"]) == 1


NESTED = json.dumps(lesson(state={"experiment": "deep"})).replace('"deep"', "[" * 5000 + "]" * 5000)
HOSTILE = {
    "no steps": lesson() | {"steps": []},
    "steps that are none": lesson() | {"steps": 5},
    "a step that is text": lesson() | {"steps": ["one"]},
    "too many": lesson() | {"steps": [STEP] * 21},
    "a long title": lesson(title="x" * 81),
    "an unknown field": lesson(onclick="alert(1)"),
    "no state": lesson(state=""),
    "a state of nothing": lesson(state="utm_source=mail"),
    "a state that is a number": lesson(state=5),
    "a state with no experiment": lesson(state={"view": {}}),
    "an unknown family": lesson(state="family=gun"),
    "an unknown view": lesson(state="family=gan&view.exec=1"),
    "too much": lesson(state="width=256&depth=6&batch_size=4096&steps=100000"),
    "many parameters": lesson(state="&".join(f"a{i}=1" for i in range(500))),
    "a state nested": NESTED,
    "a hidden knob that is none": lesson(hides=["objective", "exec"]),
    "a hidden knob that is a path": lesson(hides=["../x"]),
    "an analysis that is none": lesson(press="measure", figure="exec"),
    "a scalar that is none": lesson(press="train", question=ASKS | {"measure": {"what": "value", "scalar": "exec"}}),
    "a detector that is none": lesson(
        state="family=vae",
        press="train",
        question={"asks": "?", "measure": {"what": "alert"}, "choices": [{"says": "a", "among": [""]}] * 2},
    ),
    "an answer in another tab": lesson(question=ASKS | {"reveals": "family=vae"}),
    "a question in a race": lesson(state="lane.1=gan&lane.2=vae", press="train", question=ASKS),
    "huge": lesson() | {"about": "x" * 1_100_000},
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_lesson_gets_one_sentence(visitor, content):
    answer = sent(visitor, content)
    assert answer.keys() == {"error"}
    assert is_a_sentence(answer["error"])
    link = content if isinstance(content, str) else json.dumps(content)
    if len(link) < 100_000:
        found = linked(visitor, lesson=packed(link.encode() + b" " * 200))
        assert is_a_sentence(found["error"]), "nor does a link open it"


BOMB = packed(b" " * 4_000_000)
"""Of a few thousand characters, four times as much as is read."""


@pytest.mark.parametrize(
    "code",
    [
        "gun",
        "gan.0",
        "gan.999",
        "../gan",
        "A" * 500,
        "A" * 7000,
        packed(bytes(range(256)) * 4),
        BOMB,
        packed(b"[]" * 99),
    ],
    ids=["unknown", "step 0", "far step", "a path", "no deflate", "long", "bytes", "a bomb", "no lesson"],
)
def test_a_damaged_link_gets_one_sentence(visitor, code):
    answer = linked(visitor, lesson=code)
    assert is_a_sentence(answer["error"])
    assert answer["error"].startswith("This link can't be opened as it is. ")
