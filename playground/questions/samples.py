"""Fresh samples, and figures that are measured on demand."""

from collections.abc import Generator
from typing import Annotated

import numpy as np
from pydantic import Field, field_validator

from playground import views
from playground.data.errors import quoted
from playground.data.kinds import ANY
from playground.questions.base import Answer, Question, to_lists
from playground.scene.encode import finite
from playground.scene.scene import Scene
from playground.views.common.distance import averaged

MOST_NUMBERS = 128_000
"""Most numbers in an answer: a megabyte."""


class Sample(Question):
    """n fresh samples, from a seed."""

    kinds = ANY

    n: Annotated[int, Field(ge=1, le=10_000)] = 1000
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    def answer(self, scene: Scene) -> Answer:
        return {"samples": to_lists(self.samples(scene))}

    def samples(self, scene: Scene) -> np.ndarray:
        """The samples (n, dim). Raises ValueError if n are too many."""
        self.check(scene)
        most = scene.run.experiment.affordable_samples
        if self.n > most:
            raise ValueError(f"With this solver and network, at most {most:,} samples can be made at once.")
        return scene.run.sample(self.n, self.seed)

    def check(self, scene: Scene) -> None:
        """Raises ValueError if n are too many to be sent."""
        if self.n * scene.model.dim > MOST_NUMBERS:
            raise ValueError(f"At most {MOST_NUMBERS // scene.model.dim:,} images can be sent at once.")


class Distance(Question):
    """The distance to the data, averaged over several samples of the model, as it is shown of a model at rest: {"step",
    "scalars": {"distance"}}. A frame has that of the samples on the Stage only."""

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        step = scene.run.step
        return {"step": step, "scalars": finite({"distance": (yield from averaged(scene))})}


class Plot(Question):
    """A figure that is measured on demand (see `playground.views.base.Figure`)."""

    kinds = ANY

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
        if figure.silent(scene):
            raise ValueError("This model has learned nothing yet. Press Train first.")
        scene.complete_samples()
        plot = yield from figure.measure(scene)
        return {"figure": self.figure, "plot": plot.to_json()}
