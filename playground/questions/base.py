"""The base class of questions: plain data with a name, validated by its class, answered from a scene."""

from collections.abc import Generator
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from playground.config import Config
from playground.data.kinds import Kind
from playground.scene.scene import Scene
from playground.scene.view_state import ViewState

Coordinate = Annotated[float, Field(ge=-1e9, le=1e9, strict=True)]
MAX_STEP = 10**9
"""The largest step that a question may name. No run gets that far."""

Answer = dict[str, Any]


class Question(Config):
    """A question. step: the step of training that it is about, if not the newest; view: what is looked at there.

    needs: the capability that a family must claim to answer. kinds: the kinds of data that it supports.

    gesture, panel: the gesture that asks this, and the panel of the Stage for it. The question is then given the
    position `x` and the time `t` or, after a drag, the positions `path`. pair: whether it takes two clicks; the second
    question is also given the `first` position. hint: what the gesture tells, for layouts without a hint of their own.

    An answer to a gesture may have `layers`, {name: layer} (see `playground.scene.encode`), which the Stage paints on
    top, and `says`, a sentence about the selected point; `plays`, if the layers are to be played, and `veils`, if all
    else is to fade.
    """

    needs: ClassVar[type | None] = None
    kinds: ClassVar[tuple[Kind, ...]] = ("points",)
    gesture: ClassVar[Literal["hover", "click", "drag"] | None] = None
    pair: ClassVar[bool] = False
    panel: ClassVar[int] = 0
    hint: ClassVar[str] = ""
    layouts: ClassVar[tuple[str, ...]] = ("overlay", "journey")

    step: Annotated[int | None, Field(title="Step", ge=0, le=MAX_STEP, strict=True)] = None
    view: ViewState | None = None

    def answer(self, scene: Scene) -> Answer | Generator[None, None, Answer]:
        """The answer, or a generator that returns it. The generator yields every few milliseconds, since other runs
        wait meanwhile. Raises ValueError, with a sentence for the visitor, if there is no answer."""
        raise NotImplementedError


def to_lists(array: np.ndarray) -> Any:
    """An array as lists of rounded numbers."""
    return np.round(array.astype(float), 5).tolist()
