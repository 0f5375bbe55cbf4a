"""The layers of a scene that take long: while the model trains, each is computed in pieces, and shown as it was last
complete. Of a model at rest, the page asks for them (`playground.questions.picture`)."""

import time
from collections.abc import Iterator
from typing import Any

import torch

from playground.scene.scene import Scene
from playground.views import SlowLayer, layers, visible_layers
from playground.views.base import Measured

State = tuple[Any, ...]


class SlowLayers:
    """What is computed, and what is drawn, of the slow layers that are looked at."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self._slow = {
            name: layer for name, layer in layers(scene.model, scene.kind).items() if isinstance(layer, SlowLayer)
        }
        self._drawn: dict[str, tuple[State, Any]] = {}
        self._complete: dict[str, State] = {}  # with the step, if the layer is of the model
        self._under_way: dict[str, tuple[State, State, Iterator[Measured | None]]] = {}

    def drawn(self, name: str) -> Any:
        """A layer as it was last complete with the present settings and at the present time, or None."""
        state, drawn = self._drawn.get(name, ((), None))
        return drawn if state == self._state(self._slow[name]) else None

    @torch.no_grad()
    def go_on(self, seconds: float) -> None:
        """Compute for so many CPU seconds. The last piece may take longer."""
        if not self._slow.keys() & self.scene.look.layers:
            return
        end, seen = time.thread_time() + seconds, visible_layers(self.scene)
        for name, layer in self._slow.items():
            while name in seen and time.thread_time() < end and self._complete.get(name) != self._now(layer):
                self._piece(name, layer)

    def _piece(self, name: str, layer: SlowLayer) -> None:
        # What is begun is completed, though the model has meanwhile learned: else it never would be.
        if name not in self._under_way or self._under_way[name][0] != self._state(layer):
            self._under_way[name] = self._state(layer), self._now(layer), layer.work(self.scene, False)
        state, now, work = self._under_way[name]
        try:
            measured = next(work)
        except StopIteration:
            del self._under_way[name]
            self._complete[name] = now
            return
        if measured is not None:
            self._drawn[name] = state, layer.drawn(measured)

    def _state(self, layer: SlowLayer) -> State:
        return (*layer.state(self.scene), self.scene.look.time)

    def _now(self, layer: SlowLayer) -> State:
        return (*self._state(layer), self.scene.run.step if layer.learned else None)
