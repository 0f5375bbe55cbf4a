"""The picture of a run at a step that the page looks back at."""

from collections.abc import Generator
from typing import Any

import torch

from playground.data.kinds import ANY
from playground.questions.base import Answer, Question
from playground.scene.encode import finite
from playground.scene.scene import Scene
from playground.views import charts, notes, visible_layers


class Picture(Question):
    """The layers that are looked at, at all times, and the scalars of the charts and the notes, as in the frame of a
    paused run (see `playground.engine.camera`): {"step", "time", "layers", "scalars", "notes"}."""

    kinds = ANY

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        layers, scalars, said = dict[str, Any](), dict[str, float](), dict[str, Any]()
        scene.renew(whole=True)
        yield
        for name, layer in visible_layers(scene).items():
            with torch.no_grad():
                layers[name] = [] if layer.silent(scene) else layer.drawn(layer.measure(scene, True))
            yield
        for chart in charts(scene.model, scene.kind).values():
            if not chart.silent(scene):
                with torch.no_grad():
                    scalars |= chart.measure(scene)
                yield
        with torch.no_grad():
            for name, note in notes(scene.model, scene.kind).items():
                if not note.silent(scene):
                    said[name] = note.measure(scene)
        told = {"step": scene.run.step, "time": scene.look.time, "layers": layers, "scalars": finite(scalars)}
        return told | {"notes": said}
