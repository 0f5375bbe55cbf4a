"""Lessons as links and files hold them: every state opens, and every name means something."""

import pytest

from playground.lessons.lesson import LESSONS, lesson
from playground.race import Race
from playground.ui.drawings import Drawings
from playground.ui.links import taught
from playground.ui.requests import Refused


@pytest.mark.parametrize("name", LESSONS)
def test_every_step_of_a_shipped_lesson_opens(name):
    """States open, hidden knobs and analyses are there, and a question's scalar is in a chart of its family."""
    found = taught.checked(lesson(name).model_dump(mode="json"))
    told = taught.on_page(Drawings(), found, name)
    assert found == lesson(name)
    for step in told["steps"]:
        assert {"family", "dataset", "knobs"} <= step["state"].keys()
        if step["question"] and step["question"]["measure"]["scalar"]:
            assert step["question"]["measure"]["title"]
        if name in ("gan", "diffusion", "flow", "vae"):
            assert step["state"]["family"] in (name, "gan"), "a VAE is seen beside a GAN"


@pytest.mark.parametrize("name", LESSONS)
def test_a_question_is_about_something_else_than_what_is_shown(name):
    for step in lesson(name).steps:
        now, next_one = taught.shown(step)
        if step.question:
            assert next_one != now
            assert not isinstance(now, Race)
            assert next_one or now.step == 0, "what the training answers isn't trained when it is asked"


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_fits_into_a_link(name):
    code = taught.encoded(lesson(name))
    assert code
    assert taught.decoded(code) == lesson(name)
    assert taught.from_link({"lesson": f"{code}.2"}) == (lesson(name), code, 1)


def test_a_place_is_within_the_lesson():
    assert taught.from_link({}) is None
    assert taught.from_link({"lesson": "gan"}) == (lesson("gan"), "gan", 0)
    assert taught.from_link({"lesson": "gan.99"})[2] == len(lesson("gan").steps) - 1
    for strange in ("", "gun", "gan.0", "gan.x", "../gan", "A" * 7000, "A" * 500, "gan.1.1"):
        with pytest.raises(Refused):
            taught.from_link({"lesson": strange})
