"""Questions to a run, {"ask": name, …}, and their answers, both plain data.

Positions in both are in the data's own coordinates. To add a question, write its class and add its line.
"""

from collections.abc import Generator
from typing import Any

from playground.families.capabilities import can
from playground.questions.adversarial import Generate, Judge, Origin
from playground.questions.base import Answer, Question
from playground.questions.constants import Constants, Floors
from playground.questions.images import ImagesAt, ImagesBetween
from playground.questions.latent import Between, Decode, DecodeImage, Encode, Walk
from playground.questions.model import Model
from playground.questions.paths import Follow, Probe, Trace
from playground.questions.picture import Layers, Picture
from playground.questions.racing import Bands, Measures, Pace, Send
from playground.questions.samples import Distance, Plot, Sample
from playground.questions.table import Table
from playground.scene.scene import Scene

QUESTIONS: dict[str, type[Question]] = {
    "constants": Constants,
    "floors": Floors,
    "trace": Trace,
    "probe": Probe,
    "follow": Follow,
    "picture": Picture,
    "layers": Layers,
    "sample": Sample,
    "distance": Distance,
    "table": Table,
    "model": Model,
    "plot": Plot,
    "decode": Decode,
    "decode_image": DecodeImage,
    "encode": Encode,
    "walk": Walk,
    "between": Between,
    "images_between": ImagesBetween,
    "images_at": ImagesAt,
    "judge": Judge,
    "origin": Origin,
    "generate": Generate,
    "pace": Pace,
    "measures": Measures,
    "bands": Bands,
    "send": Send,
}


MARKS = ("gesture", "pair", "panel", "layouts", "kinds", "hint")
"""What the page is told of a question that has a gesture."""


def gestures(family: object) -> list[dict[str, Any]]:
    """The questions of this family that have a gesture, each as {"ask": its name} with its MARKS."""
    return [
        {"ask": name} | {mark: getattr(q, mark) for mark in MARKS}
        for name, q in QUESTIONS.items()
        if q.gesture is not None and can(family, q.needs)
    ]


def check(question: Any) -> dict[str, Any]:
    """The question with its defaults filled in. Raises ValueError (ValidationError is one)."""
    if not isinstance(question, dict) or question.get("ask") not in tuple(QUESTIONS):  # also if unhashable
        raise ValueError(f"Ask one of: {', '.join(QUESTIONS)}.")
    rest = {name: value for name, value in question.items() if name != "ask"}
    known = QUESTIONS[question["ask"]].model_validate(rest)
    return {"ask": question["ask"], **known.model_dump(mode="json", exclude_none=True)}


def answer(scene: Scene, question: Any) -> Answer:
    """The answer to a question. Raises ValueError (ValidationError is one)."""
    pieces = in_pieces(scene, question)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def in_pieces(scene: Scene, question: Any) -> Generator[None, None, Answer]:
    """`answer`, as a generator that returns it, so that the host can do other work between its pieces. The scene is
    that of the question's step."""
    question = check(question)
    asked = QUESTIONS[question.pop("ask")].model_validate(question)
    if not can(scene.model, asked.needs):
        raise ValueError("This family can't answer that.")
    if scene.kind not in asked.kinds:
        raise ValueError(f"This can't be asked of {scene.kind}.")
    found = asked.answer(scene)
    return (yield from found) if isinstance(found, Generator) else found
