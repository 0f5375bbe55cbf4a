"""What a question is: plain data with a name, checked by its class, answered from a scene with plain data."""

from collections.abc import Generator
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from playground.config import Config
from playground.data.kinds import Kind
from playground.scene.scene import Scene

Coordinate = Annotated[float, Field(ge=-1e9, le=1e9, strict=True)]
Answer = dict[str, Any]


class Question(Config):
    """A question. needs: the capability that a family must claim to answer. kinds: the kinds of data that it is about.

    gesture, panel: what a visitor does in which square of the Stage to ask this. The question is then given the place
    `x` and the time `t`, or after a drag the places `path`. pair: two clicks make it; the second question is given the
    `first` place, too.

    An answer to a gesture may have `layers`, {name: layer} (see `playground.scene.encode`), which the Stage paints on
    top, and `says`, a sentence about what was pointed at.
    """

    needs: ClassVar[type | None] = None
    kinds: ClassVar[tuple[Kind, ...]] = ("points",)
    gesture: ClassVar[Literal["hover", "click", "drag"] | None] = None
    pair: ClassVar[bool] = False
    panel: ClassVar[int] = 0
    layouts: ClassVar[tuple[str, ...]] = ("place", "journey")

    def answer(self, scene: Scene) -> Answer | Generator[None, None, Answer]:
        """The answer, or a generator that returns it and yields every few milliseconds, since other runs wait
        meanwhile. ValueError, with a sentence for the visitor, where there is none."""
        raise NotImplementedError


def to_lists(array: np.ndarray) -> Any:
    """An array as lists of rounded numbers."""
    return np.round(array.astype(float), 5).tolist()
