"""pydantic's errors in plain words for a visitor."""

import re

from pydantic import ValidationError

from playground.config import Config
from playground.data.errors import quoted
from playground.experiment import Experiment
from playground.families import FAMILIES

WORDS = {
    r"[Ii]nput should be ": "must be ",
    r"greater than or equal to": "at least",
    r"less than or equal to": "at most",
    r"Unable to parse input string as an integer.*": "must be a smaller whole number",
    r"a valid integer.*": "a whole number",
    r"a valid number.*": "a number",
    r"a valid string.*": "text",
    r"a valid boolean.*": "true or false",
    r"a valid dictionary.*": "names with values",
    r"a valid (tuple|list|set|frozenset).*": "a list",
    r"'([^']*)'": r"\1",
    r"Field required": "is missing",
    r"Keys should be strings": "names must be text",
    r"String should match pattern.*": "must be made of small letters",
    r"\w+ should have at most (\d+) items.*": r"at most \1 are possible",
    r"Tuple should have .*": "must be a pair of numbers",
}
"""Translations of pydantic's messages into plain words."""


def explain(error: ValueError) -> str:
    """One sentence for the visitor about the first error; the project's errors are returned unchanged."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    names = [part for part in first["loc"] if isinstance(part, str)]
    if first["type"] == "extra_forbidden":
        return f"There is no setting called {quoted(names[-1])}."
    message = first["msg"].removeprefix("Value error, ").removesuffix(".")
    for theirs, ours in WORDS.items():
        message = re.sub(theirs, ours, message)
    if first["type"] == "value_error":
        return message + "."
    message = re.sub(r"(?<![.\d])\d{5,}", lambda number: f"{int(number[0]):,}", message)
    models: list[type[Config]] = [Experiment, *(family.Config for family in FAMILIES.values())]
    titles = {name: field.title for model in models for name, field in model.model_fields.items()}
    known = [titles.get(name) or name.replace("_", " ").capitalize() for name in names if name.isidentifier()]
    return f"{known[-1]}: {message}." if known else f"{message[0].upper()}{message[1:]}."
