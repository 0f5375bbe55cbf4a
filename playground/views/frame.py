"""Frames: what the browser gets to see of a run, as one short string of JSON.

    {"run", "step", "steps", "state", "message", "time", "scalars": {…}, "floors": {…},
     "layers": {name: layer}, "square": {"centre", "scale"}, "rate"}

A layer or floor that a frame leaves out stays as it was in the frame before.
"""

import json
import time
from typing import Any

import numpy as np

from playground.training import Snapshot
from playground.views import charts, layers
from playground.views.scene import Scene

DISTANCE_EVERY = 0.4
"""Seconds between two measurements of what only a chart or a readout shows."""


class Camera:
    """Measures a scene and encodes it."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.floors: dict[str, float] = {}
        self._measured_at = -1.0
        self._scalars: dict[str, float] = {}
        self._still_sent: set[str] = set()
        self._first = True

    def frame(self, snapshot: Snapshot, whole: bool = False, fields: dict[str, Any] | None = None) -> dict[str, Any]:
        """A frame of the scene as it is now.

        whole: renew every sample and measure all times, for when training pauses or ends (some 100 kB instead of 25).
        fields: what else the frame says (state, message).
        """
        scene = self.scene
        scene.renew(whole)
        frame: dict[str, Any] = {"step": snapshot.step, "steps": scene.run.experiment.steps, "time": scene.look.time}
        frame["layers"] = dict(self._layers(whole))
        frame["scalars"] = {
            name: round(value, 5)
            for name, value in (snapshot.scalars | self._chart_scalars(whole)).items()
            if np.isfinite(value)
        }
        if self._first:
            frame["square"] = scene.run.square.model_dump()
        if not self.floors and (whole or not self._first):  # the first frame of a training doesn't wait for the floors
            self.floors = {
                name: round(value, 5)
                for chart in charts(scene.model).values()
                for name, value in chart.floors(scene).items()
            }
            frame["floors"] = self.floors
        self._first = False
        return frame | (fields or {})

    def _layers(self, whole: bool):
        for name, layer in layers(self.scene.model).items():
            if layer.still:
                if name in self._still_sent:
                    continue
                self._still_sent.add(name)
            elif (
                not whole and name not in self.scene.look.layers
            ):  # a whole frame has all that can be switched on later
                continue
            yield name, layer.draw(layer.measure(self.scene, whole))

    def _chart_scalars(self, whole: bool) -> dict[str, float]:
        now = time.monotonic()
        if whole or now - self._measured_at >= DISTANCE_EVERY:
            self._measured_at = now
            self._scalars = {
                name: value
                for chart in charts(self.scene.model).values()
                for name, value in chart.measure(self.scene).items()
            }
            return self._scalars
        return {}


def encode(frame: dict[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"))
