"""The trained model itself, as a file."""

import base64

from playground.data.kinds import ANY
from playground.questions.base import Answer, Question
from playground.scene.scene import Scene
from playground.training.model_file import to_bytes


class Model(Question):
    """The averaged model as a file (see `playground.training.model_file`), in base64: {"model", "step"}."""

    kinds = ANY

    def answer(self, scene: Scene) -> Answer:
        seen = [scalars for scalars in scene.curves if scalars["step"] <= scene.run.step]
        return {"model": base64.b64encode(to_bytes(scene.run, seen)).decode(), "step": scene.run.step}
