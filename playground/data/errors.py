"""Errors shown to a visitor: one clear sentence each, without paths or types."""

from pydantic_core import PydanticCustomError


class DataError(ValueError):
    """Raised for points, a file or a link that can't be used; the message is a sentence for the visitor."""


def invalid(sentence: str) -> PydanticCustomError:
    """An error to raise in a validator; the sentence becomes the ValidationError's message unchanged."""
    return PydanticCustomError("value_error", "{sentence}", {"sentence": sentence})


def quoted(text: str) -> str:
    """Untrusted text, made printable and short, for use in a sentence."""
    return "“" + "".join(c if c.isprintable() else "?" for c in text[:40]) + "”"
