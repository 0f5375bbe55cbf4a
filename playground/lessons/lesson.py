"""A lesson as plain data: steps, each a state of the page with a text, and questions that the run itself answers.

    lesson = Lesson.model_validate_json(Path("gan.json").read_text())

A lesson is a file of its own in `courses/`, and anybody may write others. Everything in it is bounded, and its texts
are text, never HTML.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints, field_validator, model_validator

from playground.config import Config
from playground.families import FAMILIES
from playground.lessons.equations import SYMBOL
from playground.metrics.gan_collapse import Failure

COURSES = Path(__file__).parent / "courses"

MOST_STEPS = 20
MOST_MODES = 100
ALERTS = ("", *(failure.capitalize() for failure in get_args(Failure)))
"""What the collapse detector can say; "" is nothing."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,32}$")]
Query = Annotated[str, StringConstraints(min_length=1, max_length=8000)]
State = Query | dict[str, Any]
"""A state of the page: the query string of a link, or what a saved file holds. The page validates it
(`playground.ui.links.taught`)."""


class Measure(Config):
    """What answers a question, measured from the recording of the run that is shown.

    what: "value", the newest value of a scalar; "ratio", that value over the first one that was recorded; "floors",
    that value over the one that a perfect model has; "alert", what the collapse detector says; or "mode", which modes
    have samples.
    """

    what: Literal["value", "ratio", "floors", "alert", "mode"]
    scalar: Name | None = None

    @model_validator(mode="after")
    def _of_a_scalar(self) -> "Measure":
        if (self.scalar is None) is (self.what in ("value", "ratio", "floors")):
            raise ValueError('A measure of "value", "ratio" or "floors" names a scalar, and no other does.')
        return self


class Choice(Config):
    """A possible answer. range: of the number that is measured, from and up to, either of which may be null. among:
    what the detector may say, or the numbers of modes."""

    says: Line
    range: tuple[float | None, float | None] | None = None
    among: Annotated[tuple[str | int, ...], Field(max_length=MOST_MODES)] = ()

    @field_validator("range")
    @classmethod
    def _upwards(cls, ends: tuple[float | None, float | None] | None) -> tuple[float | None, float | None] | None:
        if ends and None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
            raise ValueError("A range goes from a number up to a larger one.")
        return ends


class Question(Config):
    """A prediction before something is seen. reveals: the state of the page that is shown next, and answers it;
    without one, the training that the step asks for does. because: what to understand, said with the answer."""

    asks: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    measure: Measure
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=6)]
    reveals: State | None = None
    because: Text | None = None

    @model_validator(mode="after")
    def _answerable(self) -> "Question":
        what = self.measure.what
        for choice in self.choices:
            if what in ("alert", "mode"):
                wanted = str if what == "alert" else int
                if choice.range or not choice.among or not all(isinstance(one, wanted) for one in choice.among):
                    raise ValueError(f'"{choice.says}": what the answer is "among" is missing.')
                if what == "alert" and not set(choice.among) <= set(ALERTS):
                    raise ValueError(f"The detector says one of: {', '.join(ALERTS[1:])}; or nothing.")
            elif choice.among or not choice.range or choice.range == (None, None):
                raise ValueError(f'"{choice.says}": the "range" of the answer is missing.')
        return self


class Step(Config):
    """A step of a lesson.

    title, text: what it is about, in two or three sentences. equation: text with each symbol in braces, as in
    "d{x}/d{t} = {v_θ}({x}, {t})" (see `playground.lessons.equations`). symbols: their meanings, where the family
    doesn't give them. cites: authors and year of the paper that says so. state: of the page. press: what to press.
    figure: the analysis that "measure" measures. watch: what to watch for. hides: the knobs that aren't needed.
    """

    title: Line
    text: Text
    state: State
    equation: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] | None = None
    symbols: Annotated[dict[Line, Line], Field(max_length=12, default_factory=dict)]
    cites: Line | None = None
    press: Literal["none", "train", "play", "measure"] = "none"
    figure: Name | None = None
    watch: Text | None = None
    question: Question | None = None
    hides: Annotated[tuple[Name, ...], Field(max_length=60)] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Step":
        if (self.press == "measure") is (self.figure is None):
            raise ValueError('A step that says "measure" names its figure, and no other does.')
        if self.question and self.question.reveals is None and self.press != "train":
            raise ValueError('A question needs a state that it "reveals", or a training.')
        return self

    @model_validator(mode="after")
    def _known_symbols(self) -> "Step":
        known = {symbol for family in FAMILIES.values() for symbol in family.symbols} | self.symbols.keys()
        unknown = [symbol for symbol in SYMBOL.findall(self.equation or "") if symbol not in known]
        if unknown:
            raise ValueError(f"The meaning of the symbol {unknown[0][:20]} is missing.")
        return self


class Lesson(Config):
    """A lesson. about: one sentence for the menu."""

    title: Line
    about: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]


LESSONS: tuple[str, ...] = ("tour", "gan", "vae", "diffusion", "flow", "normalizing_flow")
"""The lessons that come with the project, in the order of the menu: each the name of its file in `courses/`."""


@cache
def lesson(name: str) -> Lesson:
    """A lesson that comes with the project. Raises KeyError for another name."""
    if name not in LESSONS:
        raise KeyError(name)
    return Lesson.model_validate(json.loads((COURSES / f"{name}.json").read_text("utf-8")))


PLACE = re.compile(r"(?P<lesson>[A-Za-z0-9_-]{1,6500})(?:\.(?P<step>[1-9][0-9]?))?")
"""A lesson and a step of it in a link: `lesson=gan.3`."""
