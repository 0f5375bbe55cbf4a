"""What comes of a file: points, or a refusal."""

from typing import NamedTuple


class Points(NamedTuple):
    """points: as they are read. labels and classes: those of the points. said: what is said besides their number."""

    points: list
    labels: list | None = None
    classes: tuple[str, ...] = ()
    said: str = ""


class Refusal(NamedTuple):
    """words: a part of the sentence."""

    words: str


class Case(NamedTuple):
    name: str
    content: bytes
    outcome: Points | Refusal


def csv(text: str | bytes, outcome: Points | Refusal, name: str = "points.csv") -> Case:
    return Case(name, text.encode() if isinstance(text, str) else text, outcome)
