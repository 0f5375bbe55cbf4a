"""The trained model itself, as a file."""

import base64
from collections.abc import Generator

from playground.data.kinds import ANY
from playground.hub.card import card
from playground.questions.base import Answer, Question
from playground.scene.scene import Scene
from playground.training.model_file import to_bytes


class Model(Question):
    """The averaged model as a file (see `playground.training.model_file`), in base64, and its model card for the hub,
    if that is wanted: {"model", "step", "card"}."""

    kinds = ANY

    card: bool = False

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        answer = {"model": base64.b64encode(to_bytes(scene.run, scene.curves)).decode(), "step": scene.run.step}
        return answer | ({"card": (yield from card(scene))} if self.card else {})
