"""Validation of what the page and the clients of the HTTP API send. Invalid data raise Refused, with one sentence."""

import json
import re
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request

from playground.data import AnyData, Drawing, NamedSet
from playground.engine.visits.slots import BEFORE
from playground.experiment import BUDGET, Experiment
from playground.messages import explain
from playground.scene import ViewState
from playground.ui.drawings import Drawings, Own

MAX_TEXT = 1_000_000
"""Most characters of JSON that are parsed. 20,000 points take at most 600,000."""

UNREADABLE = "The page sent something that can't be read. Reload it, and try again."

SLOT = re.compile(r"[a-z0-9_-]{1,32}")


class Refused(ValueError):
    """Invalid input. One sentence tells the visitor what was wrong and what to do."""


class Forgotten(Refused):
    """The drawing, or the pictures, of a hash are no longer in the store. The page sends them again and repeats its
    request."""

    def __init__(self, what: str = "this drawing. Change it, or reload the page, to send it again.") -> None:
        super().__init__(f"The server no longer has {what}")


def parse(text: Any) -> Any:
    """Plain data from JSON text. Raises Refused."""
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise Refused(UNREADABLE)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("The page sent something that is not JSON. Reload it, and try again.") from None


async def content(request: Request, longest: int, too_long: str = UNREADABLE) -> bytes:
    """The body of a request, of which at most `longest` bytes are read. Raises Refused."""
    read = bytearray()  # to add to bytes would copy them all at each chunk
    async for chunk in request.stream():
        read += chunk
        if len(read) > longest:
            raise Refused(too_long)
    return bytes(read)


async def body(request: Request, longest: int) -> Any:
    """Plain data from the body of a request, of which at most `longest` bytes are read. Raises Refused."""
    read = await content(request, longest)
    try:
        return json.loads(read)
    except (ValueError, RecursionError):
        raise Refused(UNREADABLE) from None


def experiment(given: Any) -> Experiment:
    """An Experiment from plain data. Raises Refused."""
    try:
        return Experiment.model_validate(given)
    except ValidationError as error:
        raise Refused(explain(error)) from None
    except (ValueError, TypeError, RecursionError):
        raise Refused("This does not describe an experiment.") from None


def drawing(given: Any) -> Drawing:
    """A Drawing from plain data. Raises Refused."""
    if not isinstance(given, dict):
        raise Refused(UNREADABLE)
    try:
        return Drawing.model_validate(given)
    except ValidationError as error:
        raise Refused(explain(error)) from None


def dataset(drawings: Drawings, given: Any) -> AnyData:
    """The data of the rail: the name of a set with its settings, or the hash of a drawing or of pictures. Raises
    Refused."""
    found = known(drawings, given)
    try:
        return found if isinstance(found, Own) else NamedSet.model_validate(found)
    except ValidationError as error:
        raise Refused(explain(error)) from None


def known(drawings: Drawings, data: Any) -> Any:
    """What the page sent of its data; in place of a hash, the drawing or the pictures that were sent earlier. Raises
    Forgotten."""
    if not isinstance(data, dict) or "hash" not in data:
        return data
    found = drawings.get(data["hash"])
    if found is None and "pictures" in data:
        raise Forgotten("your pictures. Choose them again.")
    rest = {name: value for name, value in data.items() if name != "hash"}
    if found is None and not rest:
        raise Forgotten
    return found or rest


def from_page(drawings: Drawings, family: str, dataset: Any, knobs: Any) -> Experiment:
    """The Experiment of the data rail and the knobs, both JSON text. The data may be the hash of a drawing that was
    sent earlier. Raises Refused."""
    values, data = parse(knobs), known(drawings, parse(dataset))
    if not isinstance(values, dict):
        raise Refused("The page sent settings that can't be read. Reload it, and try again.")
    values.pop("kind", None)  # for the page alone
    budget = {name: values.pop(name) for name in BUDGET if name in values}
    return experiment({"family": family, "dataset": data, "config": values, **budget})


def view_from(given: Any) -> ViewState:
    """A ViewState from plain data. Raises Refused."""
    try:
        return ViewState.model_validate(given)
    except ValidationError as error:
        raise Refused(explain(error)) from None


def whole(number: Any, low: int, high: int, name: str) -> int:
    """A whole number within a range. Raises Refused."""
    if type(number) is not int or not low <= number <= high:
        raise Refused(f"{name} must be a whole number from {low:,} to {high:,}.")
    return number


def slot_from(given: Any, default: str = "", past: bool = False) -> str:
    """The name of a slot, or the default for none. past: whether it may be the slot of a fork's source (see BEFORE).
    Raises Refused."""
    if not isinstance(given, str):
        raise Refused("The name of a slot must be text.")
    name = given or default
    if not SLOT.fullmatch(name.removesuffix(BEFORE) if past else name):
        raise Refused("The name of a slot has 1 to 32 small letters, digits, hyphens or underscores.")
    return name
