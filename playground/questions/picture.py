"""The picture of a run at a step that the page looks back at, and the layers that take long."""

from collections.abc import Generator, Iterator
from typing import Annotated, Any

import torch
from pydantic import Field

from playground.data.kinds import ANY
from playground.questions.base import Answer, Question
from playground.scene.encode import finite
from playground.scene.scene import Scene
from playground.views import Layer, SlowLayer, charts, layers, notes, visible_layers
from playground.views.base import Measured


@torch.no_grad()  # whenever it computes, not between its pieces
def of_layer(layer: Layer, scene: Scene, whole: bool = True) -> Iterator[Measured | None]:
    """What a layer measures, in as many pieces as it needs: the last is all of it."""
    if isinstance(layer, SlowLayer):
        yield from layer.work(scene, whole)
    else:
        yield layer.measure(scene, whole)


class Layers(Question):
    """Layers that take long, which a frame at rest comes without: {"step", "edits", "time", "layers"}. whole: at all
    times from noise to data, or only at the one that is looked at, which is there sooner."""

    names: Annotated[tuple[str, ...], Field(title="Layers", min_length=1, max_length=8)]
    whole: Annotated[bool, Field(title="Whole", strict=True)] = True

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        known = {name: view for name, view in layers(scene.model, scene.kind).items() if isinstance(view, SlowLayer)}
        drawn, asked = dict[str, Any](), [name for name in self.names if name in known]
        told = {"step": scene.run.step, "edits": scene.run.edits, "time": scene.look.time}
        for name in asked:
            layer = known[name]
            drawn[name] = []
            for measured in () if layer.silent(scene) else of_layer(layer, scene, self.whole):
                if measured is not None:
                    drawn[name] = layer.drawn(measured)
                yield
        return told | {"layers": drawn}


class Picture(Question):
    """The layers that are looked at, at all times, and the scalars of the charts and the notes, as in the frame of a
    paused run (see `playground.engine.camera`): {"step", "time", "layers", "scalars", "notes"}."""

    kinds = ANY

    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        drawn, scalars, said = dict[str, Any](), dict[str, float](), dict[str, Any]()
        scene.renew(whole=True)
        yield
        for name, layer in visible_layers(scene).items():
            drawn[name] = []
            for measured in () if layer.silent(scene) else of_layer(layer, scene):
                if measured is not None:
                    drawn[name] = layer.drawn(measured)
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
        told = {"step": scene.run.step, "time": scene.look.time, "layers": drawn, "scalars": finite(scalars)}
        return told | {"notes": said}
