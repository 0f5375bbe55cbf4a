"""Errors that a visitor reads: one clear sentence each, with no path and no type in it."""

from pydantic_core import PydanticCustomError


class DataError(ValueError):
    """Points, a file or a link that can't be used; the message is a sentence for a visitor."""


def invalid(sentence: str) -> PydanticCustomError:
    """To be raised in a validator: the sentence becomes the ValidationError's message as it stands."""
    return PydanticCustomError("value_error", "{sentence}", {"sentence": sentence})


def quoted(text: str) -> str:
    """Foreign text as it may appear in a sentence: printable, and not long."""
    return "“" + "".join(c if c.isprintable() else "?" for c in text[:40]) + "”"
