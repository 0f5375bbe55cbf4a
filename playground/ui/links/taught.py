"""Lessons as links and files hold them, and as the page takes them.

A link names a lesson and a step, `lesson=gan.3`; in place of the name it may have the lesson itself, as JSON that is
deflated and written in base64url. A file is the JSON of a lesson.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from playground.experiment import BUDGET
from playground.families import FAMILIES
from playground.lessons.equations import SYMBOL
from playground.lessons.lesson import LESSONS, PLACE, Lesson, Step, lesson
from playground.messages import explain
from playground.race import Race
from playground.ui.drawings import Drawings
from playground.ui.links import page_state
from playground.ui.links.page_state import PageState
from playground.ui.requests import MAX_TEXT, Refused
from playground.ui.schema import family_page

LONGEST_CODE = 6000
"""Characters of a lesson in a link; some servers and messengers cut off longer links."""

NAME = "lesson"

STRANGE = "The lesson in this link is damaged."


def from_link(query: Mapping[str, str]) -> tuple[Lesson, str, int] | None:
    """The lesson of a link, what names it there, and the index of its step; None if it names none. Raises Refused."""
    if NAME not in query:
        return None
    place = PLACE.fullmatch(query[NAME])
    if place is None:
        raise Refused(STRANGE)
    code, step = place["lesson"], int(place["step"] or 1)
    found = lesson(code) if code in LESSONS else decoded(code)
    return found, code, min(step, len(found.steps)) - 1


def decoded(code: str) -> Lesson:
    """The lesson of a link. Raises Refused."""
    if len(code) < 100:
        raise Refused("There is no lesson of that name.")
    try:
        packed = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        text = unpacking.decompress(packed, MAX_TEXT)  # and no more, whatever it would become
        if not unpacking.eof:
            raise Refused(STRANGE)
        given = json.loads(text)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise Refused(STRANGE) from None
    return checked(given)


def encoded(taught: Lesson) -> str | None:
    """What a link holds of a lesson; None if it is too long for one."""
    text = json.dumps(taught.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, separators=(",", ":"))
    packing = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    packed = packing.compress(text.encode()) + packing.flush()
    code = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return code if len(code) <= LONGEST_CODE else None


def checked(given: Any) -> Lesson:
    """A lesson from plain data, all of whose states can be opened. Raises Refused."""
    try:
        taught = Lesson.model_validate(given)
    except ValidationError as error:
        raise Refused(in_step(error.errors()[0]["loc"], explain(error))) from None
    except (ValueError, TypeError, RecursionError):
        raise Refused("This file does not describe a lesson.") from None
    for number, step in enumerate(taught.steps, 1):
        try:
            shown(step)
        except Refused as sentence:
            raise Refused(f"Step {number}: {sentence}") from None
    return taught


def in_step(place: tuple[int | str, ...], sentence: str) -> str:
    """A sentence about a value within a lesson, with the number of its step."""
    inside = len(place) > 1 and place[0] == "steps" and isinstance(place[1], int)
    return f"Step {int(place[1]) + 1}: {sentence}" if inside else sentence


def shown(step: Step) -> tuple[PageState | Race, PageState | Race | None]:
    """The state of the page in a step, and the one that answers its question. Raises Refused, also for what a step
    names and the family of its state doesn't have."""
    now = state_of(step.state)
    then = state_of(step.question.reveals) if step.question and step.question.reveals is not None else None
    if isinstance(now, Race):
        if step.question or step.press not in ("none", "train") or step.hides:
            raise Refused("In a race there are no questions, no figures and no hidden knobs.")
        return now, None
    family = now.experiment.family
    known, title = shows(family), FAMILIES[family].title
    for hidden in step.hides:
        if hidden not in FAMILIES[family].Config.model_fields and hidden not in BUDGET:
            raise Refused(f"{title} has no setting called {hidden}.")
    if step.figure and step.figure not in known.figures:
        raise Refused(f"{title} has no analysis called {step.figure}.")
    if step.question:
        if isinstance(then, Race) or (then and then.experiment.family != family):
            raise Refused("What answers a question is in the same tab.")
        scalar = step.question.measure.scalar
        if scalar and scalar not in known.scalars:
            raise Refused(f"{title} has no scalar called {scalar}.")
        if step.question.measure.what in ("alert", "mode") and not known.detects:
            raise Refused(f"{title} has no detector that could answer.")
    return now, then


def state_of(given: str | dict[str, Any]) -> PageState | Race:
    """A state of the page from the query string of a link, or from what a file holds. Raises Refused."""
    if isinstance(given, dict):
        return page_state.from_given(given)
    query = page_state.query_of(given)
    found = page_state.race_from_link(query) or page_state.from_link(query)
    if found is None:
        raise Refused("Its state names no experiment.")
    return found


class Shows(NamedTuple):
    """What a family's tab shows that a lesson can name: scalars, each with the title and the unit of its chart, and
    analyses; and whether something watches the training."""

    scalars: dict[str, tuple[str, str]]
    figures: frozenset[str]
    detects: bool


@cache
def shows(family: str) -> Shows:
    """What a family's tab shows."""
    about = family_page(family)
    scalars = {}
    for chart in about["charts"].values():
        lines = [trace for trace in chart["figure"]["data"] if not trace["meta"].startswith("floor:")]
        for line in lines:
            title = chart["title"] if len(lines) == 1 else f"{chart['title']} ({line['name']})"
            scalars[line["meta"].split("@")[0]] = title, chart["unit"]
    return Shows(scalars, frozenset(about["figures"]), bool(about["watches"]))


def on_page(drawings: Drawings, taught: Lesson, code: str | None) -> dict[str, Any]:
    """A lesson as the page takes it: that of the file, with each step's "state" and what its question "reveals" as
    `PageState.on_page`, and "code", what names it in a link; None if it is too long for one."""
    steps = []
    for step in taught.steps:
        now, then = shown(step)
        told = step.model_dump(mode="json") | {"state": placed(drawings, now), "symbols": meanings(step, now)}
        if step.question:
            told["question"]["reveals"] = then and placed(drawings, then)
            told["question"]["measure"] |= named(step, now)
        steps.append(told)
    return {"title": taught.title, "code": code, "steps": steps}


def named(step: Step, now: PageState | Race) -> dict[str, str]:
    """The title and the unit of what is measured, as the page has them."""
    if isinstance(now, Race) or step.question is None or step.question.measure.scalar is None:
        return {}
    title, unit = shows(now.experiment.family).scalars[step.question.measure.scalar]
    return {"title": title, "unit": unit}


def placed(drawings: Drawings, state: PageState | Race) -> dict[str, Any]:
    return page_state.race_on_page(drawings, state) if isinstance(state, Race) else state.on_page(drawings)


def meanings(step: Step, now: PageState | Race) -> dict[str, str]:
    """The meanings of the symbols of a step's equation: its own, else those of its family, else of any."""
    all_of = {symbol: words for family in FAMILIES.values() for symbol, words in family.symbols.items()}
    own = {} if isinstance(now, Race) else dict(FAMILIES[now.experiment.family].symbols)
    known = all_of | own | step.symbols
    return {symbol: known[symbol] for symbol in SYMBOL.findall(step.equation or "")}
