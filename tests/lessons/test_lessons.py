"""Lessons: plain data, bounded; and those that come with the project."""

import json

import pytest
from pydantic import ValidationError

from playground.families import FAMILIES
from playground.lessons.lesson import COURSES, LESSONS, Lesson, lesson
from playground.messages import explain

STEP = {"title": "One", "text": "A step.", "state": "family=gan&dataset=ring"}
ASKS = {
    "asks": "How many?",
    "measure": {"what": "value", "scalar": "modes"},
    "choices": [{"says": "all", "range": [8, 8]}, {"says": "fewer", "range": [None, 7]}],
}


def taught(**changes) -> dict:
    return {"title": "Mine", "about": "What I teach.", "steps": [STEP | changes]}


def test_a_lesson_is_text_and_states():
    mine = Lesson.model_validate(taught(press="train", question=ASKS))
    assert mine.steps[0].question.choices[1].range == (None, 7)
    assert Lesson.model_validate_json(mine.model_dump_json()) == mine


WRONG = {
    "no steps": {"title": "a", "about": "b", "steps": []},
    "too many steps": {"title": "a", "about": "b", "steps": [STEP] * 21},
    "a long text": taught(text="x" * 501),
    "an empty title": taught(title="  "),
    "an unknown field": taught(html="<b>"),
    "an unknown thing to press": taught(press="launch"),
    "a state that is a list": taught(state=["family=gan"]),
    "a symbol without a meaning": taught(equation="{ω} = 1"),
    "a figure that isn't measured": taught(figure="likelihood"),
    "a measure without its figure": taught(press="measure"),
    "a question that nothing answers": taught(question=ASKS),
    "one choice": taught(press="train", question=ASKS | {"choices": ASKS["choices"][:1]}),
    "a choice without a range": taught(press="train", question=ASKS | {"choices": [{"says": "a"}, {"says": "b"}]}),
    "a range downwards": taught(
        press="train", question=ASKS | {"choices": [{"says": "a", "range": [2, 1]}, {"says": "b", "range": [0, 1]}]}
    ),
    "a measure of nothing": taught(press="train", question=ASKS | {"measure": {"what": "value"}}),
    "a finding that is none": taught(
        press="train",
        question={"asks": "?", "measure": {"what": "alert"}, "choices": [{"says": "a", "among": ["Boom"]}] * 2},
    ),
    "infinite": taught(
        press="train", question=ASKS | {"choices": [{"says": "a", "range": [float("nan"), 1]}, ASKS["choices"][0]]}
    ),
}


@pytest.mark.parametrize("given", WRONG.values(), ids=WRONG)
def test_what_is_no_lesson(given):
    with pytest.raises(ValidationError) as refused:
        Lesson.model_validate(given)
    assert explain(refused.value).endswith(".")


def test_each_file_is_in_the_menu_and_each_family_has_a_lesson():
    assert {path.stem for path in COURSES.glob("*.json")} == set(LESSONS)
    assert set(FAMILIES) < set(LESSONS)
    with pytest.raises(KeyError):
        lesson("../recipes")


@pytest.mark.parametrize("name", LESSONS)
def test_lessons_are_short(name):
    """Six to nine steps of two or three sentences, or a few more short ones; each that needs a paper names it."""
    steps = lesson(name).steps
    assert 6 <= len(steps) <= 9
    assert any(step.question for step in steps)
    for step in steps:
        assert 60 < len(step.text) < 300, step.title
        assert step.cites or "lane." in str(step.state), step.title
        assert step.question or step.watch, step.title


CLAIMS = {
    "gan": ["zero-sum", "unstable", "lose variety", "difficult to say", "cure"],
    "vae": ["encoder", "reconstructs", "interpolate smoothly", "less sharp", "holes"],
    "diffusion": ["adds noise", "removes the noise", "slow and costly", "diverse", "stable", "conditional"],
    "flow": [
        "vector field",
        "conditional",
        "identical",
        "cross",
        "straight",
        "likelihood",
        "expensive",
        "path",
        "class",
    ],
    "normalizing_flow": ["likelihood", "evaluation", "undone"],
    "tour": ["zero-sum", "lose variety", "interpolate", "less sharp", "adds noise", "iterates", "without simulation"],
}
"""What the project says of each family (its strengths and its weaknesses), each in a lesson of its."""


@pytest.mark.parametrize("name", LESSONS)
def test_every_claim_is_in_a_lesson(name):
    text = json.dumps(lesson(name).model_dump(mode="json"), ensure_ascii=False).lower()
    assert [claim for claim in CLAIMS[name] if claim.lower() not in text] == []


def test_the_tour_goes_through_all_in_their_order():
    families = [str(step.state).split("&")[0] for step in lesson("tour").steps]
    order = ["gan", "vae", "diffusion", "flow"]
    assert list(dict.fromkeys(families[:-1])) == [f"family={family}" for family in order]
    assert "lane." in str(lesson("tour").steps[-1].state)
