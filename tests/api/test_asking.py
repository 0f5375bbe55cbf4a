"""Questions of the page, past Gradio's queue."""

import json
import uuid

import httpx
import pytest
from asking import is_a_sentence

from playground.ui.requests import UNREADABLE
from playground.ui.routes.questions import LONGEST

QUESTION = {"ask": "sample", "n": 7, "seed": 3}


@pytest.fixture
def ask(app):
    """Ask something, as a visitor of one's own or of another name; what is said, as plain data."""
    name = uuid.uuid4().hex

    def sent(body: bytes | None = None, **more) -> dict:
        whole = {"visitor": name, "slot": "gan", "question": QUESTION} | more
        content = json.dumps(whole).encode() if body is None else body
        reply = httpx.post(app.url + "playground/ask", content=content, timeout=60)
        assert reply.status_code == 200
        return reply.json()

    yield sent
    app.engine.leave(name)


def test_a_question_is_answered_from_the_shipped_model_and_the_same_as_over_the_api(ask, client):
    answer = ask()
    assert len(answer["samples"]) == 7
    assert answer["samples"] == client.predict(QUESTION, "gan", api_name="/ask")["samples"]


def test_a_question_that_makes_no_sense_gets_a_sentence(ask):
    assert ask(question={"ask": "sample", "n": -1}) == {"error": "N: must be at least 1."}
    assert ask(question={"ask": "nothing"})["error"].endswith(".")
    assert ask(question={})["error"].endswith(".")
    assert ask(question={"ask": "judge", "x": [float("nan"), 0]})["error"].endswith(".")


HOSTILE = {
    "nothing": b"",
    "no JSON": b"\xff\xfe",
    "a number": b"5",
    "a list": b"[]",
    "NaN": b"NaN",
    "deep": b"[" * 60_000,
    "long": b'"' + b"a" * (LONGEST + 1) + b'"',
    "no question": b'{"visitor": "a", "slot": "gan"}',
    "a question in words": b'{"visitor": "a", "slot": "gan", "question": "who?"}',
    "no visitor": b'{"visitor": "", "slot": "gan", "question": {"ask": "sample"}}',
    "a visitor in numbers": b'{"visitor": 5, "slot": "gan", "question": {"ask": "sample"}}',
    "a long visitor": json.dumps({"visitor": "a" * 1000, "slot": "gan", "question": QUESTION}).encode(),
    "a slot in a list": b'{"visitor": "a", "slot": ["gan"], "question": {"ask": "sample"}}',
    "no slot": b'{"visitor": "a", "question": {"ask": "sample"}}',
}


@pytest.mark.parametrize(
    "slot", ["gun", "lane-1", "", "/before", "gan/before/before", "GAN", "a" * 33, "\0", "vae_digits"]
)
def test_a_slot_in_which_nothing_is_gets_a_sentence(ask, app, slot):
    before = set(app.engine.handles)
    assert is_a_sentence(ask(slot=slot)["error"])
    assert set(app.engine.handles) == before


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_the_page_does_not_send_is_refused_and_starts_nothing(ask, app, body):
    before = set(app.engine.handles)
    assert ask(body) == {"error": UNREADABLE}
    assert set(app.engine.handles) == before
