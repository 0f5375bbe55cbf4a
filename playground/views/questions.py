"""What a run can be asked, as plain data, and answers as plain data: {"ask": name, …}.

Places in questions and answers are in the data's own coordinates.
"""

from typing import Annotated, Any

import numpy as np
import torch
from pydantic import Field

from playground.config import Config
from playground.views.scene import Scene

Coordinate = Annotated[float, Field(ge=-1e9, le=1e9, strict=True)]


class Trace(Config):
    """The way through a place x at a time t, back to the noise that it came from and on to where it ends."""

    x: tuple[Coordinate, Coordinate]
    t: Annotated[float, Field(ge=0, le=1)] = 1.0

    def answer(self, scene: Scene) -> dict[str, Any]:
        if not hasattr(scene.model, "trajectory"):
            raise ValueError("This family carries nothing along paths.")
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
            "velocity": _plain(velocity[0].cpu().numpy() / square.scale),
            "path": _plain(path),
            "times": _plain(torch.cat([back.flip(0)[:-1], on]).numpy()),
        }


class Sample(Config):
    """n fresh samples, from a seed."""

    n: Annotated[int, Field(ge=1, le=10_000)] = 1000
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    def answer(self, scene: Scene) -> dict[str, Any]:
        most = scene.run.experiment.affordable_samples
        if self.n > most:
            raise ValueError(f"With this solver and network, at most {most:,} samples can be made at once.")
        return {"samples": _plain(scene.run.sample(self.n, self.seed))}


QUESTIONS: dict[str, type[Trace] | type[Sample]] = {
    "trace": Trace,
    "sample": Sample,
}


def check(question: Any) -> dict[str, Any]:
    """The question with its defaults filled in. Raises ValueError (ValidationError is one)."""
    if not isinstance(question, dict) or question.get("ask") not in tuple(QUESTIONS):  # a list can't be looked up
        raise ValueError(f"Ask one of: {', '.join(QUESTIONS)}.")
    rest = {name: value for name, value in question.items() if name != "ask"}
    return {"ask": question["ask"], **QUESTIONS[question["ask"]].model_validate(rest).model_dump()}


def answer(scene: Scene, question: Any) -> dict[str, Any]:
    question = check(question)
    return QUESTIONS[question.pop("ask")].model_validate(question).answer(scene)


def _plain(array: np.ndarray) -> Any:
    return np.round(array.astype(float), 5).tolist()
