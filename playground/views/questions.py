"""What a run can be asked, as plain data, and answers as plain data: {"ask": name, …}.

Places in questions and answers are in the data's own coordinates.
"""

from collections.abc import Generator
from typing import Annotated, Any

import numpy as np
import torch
from pydantic import Field, field_validator

from playground import views  # the registry, looked up at each question: it is still being made when this is imported
from playground.data.errors import quoted
from playground.families.schedules import alpha_sigma
from playground.views import encode
from playground.views.base import ANY, has
from playground.views.forward import TIMES, walks
from playground.views.game import Generate, Judge, Origin
from playground.views.image_ways import ImagesBetween
from playground.views.latent_questions import Between, Decode, DecodeImage, Encode, Walk
from playground.views.question import Answer, Coordinate, Question, plain
from playground.views.scene import Scene, between

MOST_NUMBERS = 128_000
"""That an answer may hold: a megabyte."""


class Trace(Question):
    """The way through a place x at a time t, back to the noise that it came from and on to where it ends."""

    needs = ("trajectory", "velocity")
    gesture = "hover"

    x: tuple[Coordinate, Coordinate]
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    def answer(self, scene: Scene) -> Answer:
        square, device = scene.run.square, scene.run.device
        x = torch.as_tensor(square.to_square(np.array([self.x])), dtype=torch.float32, device=device)
        time = torch.tensor([self.t], device=device)
        grid = scene.model.times()
        back = torch.cat([time.cpu(), grid[grid < self.t].flip(0)])
        on = torch.cat([time.cpu(), grid[grid > self.t]])
        with torch.no_grad():
            velocity = scene.model.velocity(x, time)
            came = scene.model.trajectory(x, back).flip(0)[:-1]
            goes = scene.model.trajectory(x, on)
        path = square.from_square(torch.cat([came, goes])[:, 0].cpu().numpy())
        return {
            "x": list(self.x),
            "t": self.t,
            "velocity": plain(velocity[0].cpu().numpy() / square.scale),
            "path": plain(path),
            "times": plain(torch.cat([back.flip(0)[:-1], on]).numpy()),
        }


class Follow(Question):
    """The whole way of the noised data point that is nearest to x at time t."""

    needs = "log_snr"
    gesture = "click"
    layouts = ("forward",)

    x: tuple[Coordinate, Coordinate]
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    def answer(self, scene: Scene) -> Answer:
        known, square = walks(scene), scene.run.square
        here = between(known, TIMES, self.t)
        found = int(np.square(here - square.to_square(np.array(self.x))).sum(1).argmin())
        way = known[:, found : found + 1]
        alpha, sigma = (float(v) for v in alpha_sigma(scene.model.log_snr(torch.tensor([self.t]))))
        came = ", ".join(f"{v:.2f}" for v in square.from_square(scene.data[found])).replace("-", "−")
        layers: dict[str, Any] = {
            "way": encode.paths(way, "samples", TIMES, backwards=True),
            "point": encode.marks(way, [""], "samples", TIMES),
        }
        says = (
            f"The data point ({came}) on its way. At t = {self.t:.2f} it is {alpha:.2f} · data + {sigma:.2f} · noise."
        )
        return {"layers": layers, "says": says}


class Sample(Question):
    """n fresh samples, from a seed."""

    of = ANY

    n: Annotated[int, Field(ge=1, le=10_000)] = 1000
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    def answer(self, scene: Scene) -> Answer:
        most = scene.run.experiment.affordable_samples
        if self.n > most:
            raise ValueError(f"With this solver and network, at most {most:,} samples can be made at once.")
        if self.n * scene.model.dim > MOST_NUMBERS:
            raise ValueError(f"At most {MOST_NUMBERS // scene.model.dim:,} images can be sent at once.")
        return {"samples": plain(scene.run.sample(self.n, self.seed))}


class Plot(Question):
    """One of the figures that are measured when somebody asks (see `playground.views.base.Figure`)."""

    of = ANY

    figure: str

    @field_validator("figure")
    @classmethod
    def _known(cls, name: str) -> str:
        if not isinstance(views.VIEWS.get(name), views.Figure):
            raise ValueError(f"There is no figure called {quoted(name)}.")
        return name

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        figure = views.figures(scene.model, scene.kind).get(self.figure)
        if figure is None:
            raise ValueError("This family has no such figure of these data.")
        if not scene.complete:  # nobody has looked at it yet
            scene.renew(whole=True)
        plot = yield from figure.measure(scene)
        return {"figure": self.figure, "plot": plot.to_json()}


QUESTIONS: dict[str, type[Question]] = {
    "trace": Trace,
    "follow": Follow,
    "sample": Sample,
    "plot": Plot,
    "decode": Decode,
    "decode_image": DecodeImage,
    "encode": Encode,
    "walk": Walk,
    "between": Between,
    "images_between": ImagesBetween,
    "judge": Judge,
    "origin": Origin,
    "generate": Generate,
}


def gestures(family: object) -> list[dict[str, Any]]:
    """What a visitor can ask this family by pointing: [{"ask", "gesture", "pair", "panel", "layouts", "of"}]."""
    return [
        {"ask": name, "gesture": q.gesture, "pair": q.pair, "panel": q.panel, "layouts": q.layouts, "of": q.of}
        for name, q in QUESTIONS.items()
        if q.gesture is not None and has(family, q.needs)
    ]


def check(question: Any) -> dict[str, Any]:
    """The question with its defaults filled in. Raises ValueError (ValidationError is one)."""
    if not isinstance(question, dict) or question.get("ask") not in tuple(QUESTIONS):  # a list can't be looked up
        raise ValueError(f"Ask one of: {', '.join(QUESTIONS)}.")
    rest = {name: value for name, value in question.items() if name != "ask"}
    return {"ask": question["ask"], **QUESTIONS[question["ask"]].model_validate(rest).model_dump()}


def answer(scene: Scene, question: Any) -> Answer:
    """The answer to a question. Raises ValueError (ValidationError is one)."""
    pieces = in_pieces(scene, question)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def in_pieces(scene: Scene, question: Any) -> Generator[None, None, Answer]:
    """`answer`, as a generator that returns it, for a host with other things to do meanwhile."""
    question = check(question)
    asked = QUESTIONS[question.pop("ask")].model_validate(question)
    if not has(scene.model, asked.needs):
        raise ValueError("This family can't answer that.")
    if scene.kind not in asked.of:
        raise ValueError(f"This can't be asked of {scene.kind}.")
    found = asked.answer(scene)
    return (yield from found) if isinstance(found, Generator) else found
