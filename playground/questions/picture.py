"""The picture of a run at a step that the page looks back at, and the layers that take long."""

from collections.abc import Generator
from typing import Annotated, Any

import torch
from pydantic import Field

from playground.data.kinds import ANY
from playground.questions.base import Answer, Question
from playground.scene.encode import finite
from playground.scene.scene import Scene
from playground.views import Layer, SlowLayer, charts, layers, notes, visible_layers


@torch.no_grad()  # whenever it computes, not between its pieces
def drawn(layer: Layer, scene: Scene, whole: bool = True) -> Generator[None, None, Any]:
    """What a layer draws, computed in as many pieces as it needs."""
    found: Any = []
    if layer.silent(scene):
        return found
    for measured in layer.work(scene, whole) if isinstance(layer, SlowLayer) else [layer.measure(scene, whole)]:
        if measured is not None:
            found = layer.drawn(measured)
        yield
    return found


class Layers(Question):
    """Layers that take long, which a frame at rest comes without: {"step", "edits", "time", "layers"}. whole: at all
    times from noise to data, or only at the one that is looked at, which is there sooner."""

    kinds = ANY

    names: Annotated[tuple[str, ...], Field(title="Layers", min_length=1, max_length=8)]
    whole: Annotated[bool, Field(title="Whole", strict=True)] = True

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        known, found = layers(scene.model, scene.kind), dict[str, Any]()
        told = {"step": scene.run.step, "edits": scene.run.edits, "time": scene.look.time}
        for name in self.names:
            if isinstance(layer := known.get(name), SlowLayer):
                found[name] = yield from drawn(layer, scene, self.whole)
        return told | {"layers": found}


class Picture(Question):
    """The layers that are looked at, at all times, and the scalars of the charts and the notes, as in the frame of a
    paused run (see `playground.engine.hosting.camera`): {"step", "time", "layers", "scalars", "notes"}."""

    kinds = ANY

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        found, scalars, said = dict[str, Any](), dict[str, float](), dict[str, Any]()
        scene.renew(whole=True)
        yield
        for name, layer in visible_layers(scene).items():
            found[name] = yield from drawn(layer, scene)
        for chart in charts(scene.model, scene.kind).values():
            if not chart.silent(scene):
                with torch.no_grad():
                    scalars |= chart.measure(scene)
                yield
        with torch.no_grad():
            for name, note in notes(scene.model, scene.kind).items():
                if not note.silent(scene):
                    said[name] = note.measure(scene)
        told = {"step": scene.run.step, "time": scene.look.time, "layers": found, "scalars": finite(scalars)}
        return told | {"notes": said}
