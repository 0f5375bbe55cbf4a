"""Frames: what the browser gets to see of a run, as one short string of JSON.

    {"run", "step", "steps", "state", "message", "time", "scalars": {…}, "floors": {…},
     "layers": {name: layer}, "square": {"centre", "scale"}, "of": "points" or "images", "rate",
     "notes": {…}, "findings": {name: …, see Watch}}

A layer or floor that a frame leaves out stays as it was in the frame before.
"""

import json
import math
import time
from typing import Any

import torch

from playground.scene.scene import Scene
from playground.training.run import Snapshot
from playground.views import charts, layers, layouts, monitors, notes
from playground.views.base import Layer, Measured

CHARTS_EVERY = 0.5
"""Seconds between two measurements of what charts and readouts show."""


class Camera:
    """Measures a scene, then draws what was measured and makes a frame of it."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.floors: dict[str, float] = {}
        self.findings: dict[str, Any] = {}
        self._watches = monitors(scene.run.averaged, scene.kind)
        self._floors_of: object = None  # the settings
        self._began = False
        self._still_sent: set[str] = set()
        self._charts_measured = -math.inf

    @torch.no_grad()
    def frame(self, snapshot: Snapshot, whole: bool = False, **more: Any) -> dict[str, Any]:
        """A frame of the scene as it is now.

        whole: renew every sample, and measure all layers at all times, for when training pauses or ends: some 200 kB
        instead of 25. It stands on its own: what is sent once is in it, too, for those who missed it. more: what else
        the frame says.
        """
        scene, shown = self.scene, layers(self.scene.model, self.scene.kind)
        scene.renew(whole)
        due = whole or self._charts_due()
        scalars = snapshot.scalars | (self.measure_charts() if due else {})
        frame = {
            "step": snapshot.step,
            "steps": scene.run.experiment.steps,
            "time": scene.look.time,
            "layers": {name: _drawn(shown[name], arrays) for name, arrays in self.measure_layers(whole).items()},
            "scalars": _rounded(scalars),
        }
        verdicts = notes(scene.model, scene.kind)
        if due and verdicts:
            frame["notes"] = {name: note.measure(scene) for name, note in verdicts.items()}
        if self._watches:
            frame["findings"] = self.findings
        if whole or not self._began:
            frame |= {"square": scene.run.normalizer.model_dump(), "of": scene.kind}
        config = scene.model.config
        if config is not self._floors_of and (whole or self._began):  # the first frame of a training doesn't wait
            self._floors_of, self.floors = config, self.measure_floors()
            frame["floors"] = self.floors
        elif whole:
            frame["floors"] = self.floors
        self._began = True
        return frame | more

    def measure_layers(self, whole: bool) -> dict[str, Measured]:
        """What the layers show, as arrays, by the layer's name: those that are looked at, or all. Still ones once."""
        measured, look, kind = {}, self.scene.look, self.scene.kind
        possible = layouts(self.scene.model, kind)  # whoever comes from another kind of data sees the first
        layout = look.layout if look.layout in possible else next(iter(possible))
        for name, layer in layers(self.scene.model, kind).items():
            seen = name in look.layers and layout in layer.layouts
            wanted = whole or name not in self._still_sent if layer.still else seen or (whole and not layer.expensive)
            if wanted:
                measured[name] = layer.measure(self.scene, whole)
            if layer.still:
                self._still_sent.add(name)
        return measured

    def anew(self) -> None:
        """Send again what is sent once: a busy browser misses frames."""
        self._began, self._floors_of = False, None
        self._still_sent.clear()

    @torch.no_grad()
    def monitor(self) -> None:
        """Let those who watch the training measure, if it is their time; to be called after each step."""
        run = self.scene.run
        for name, monitor in self._watches.items():
            if run.step % max(1, run.experiment.steps // monitor.times) == 0:
                finding = monitor.measure(self.scene)
                self.findings = {k: v for k, v in (self.findings | {name: finding}).items() if v}

    def measure_charts(self) -> dict[str, float]:
        self._charts_measured = time.monotonic()
        found = (chart.measure(self.scene) for chart in charts(self.scene.model, self.scene.kind).values())
        return {name: value for scalars in found for name, value in scalars.items()}

    def measure_floors(self) -> dict[str, float]:
        found = (chart.floors(self.scene) for chart in charts(self.scene.model, self.scene.kind).values())
        return _rounded({name: value for floors in found for name, value in floors.items()})

    def _charts_due(self) -> bool:
        return time.monotonic() - self._charts_measured >= CHARTS_EVERY


def _drawn(layer: Layer, measured: Measured) -> Any:
    drawn = layer.draw(measured)
    for part in drawn if isinstance(drawn, list) else [drawn]:
        part.setdefault("panel", layer.panel)
    return drawn


def _rounded(scalars: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in scalars.items() if math.isfinite(value)}


def encode(frame: dict[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"))
