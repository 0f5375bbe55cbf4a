"""Frames: the state of a run for the browser, each one short string of JSON.

    {"run", "step", "steps", "state", "message", "time", "edits", "kind", "rate", "scalars": {…},
     "layers": {name: primitives}, "notes": {…}, "alerts": {name: …, see Monitor}}

Only what is looked at is measured. The page asks for the constants of a run once (see
`playground.questions.constants`), and for floors again whenever `edits`, the number of changed settings, has grown.
"""

import json
import time
from collections.abc import Iterator
from typing import Any

import torch

from playground.engine.hosting.slow_layers import SlowLayers
from playground.scene.encode import finite
from playground.scene.scene import Scene
from playground.training.run import Snapshot
from playground.views import SlowLayer, charts, monitors, notes, suiting, visible_layers

CHARTS_EVERY = 0.5
"""Seconds between two measurements of charts and readouts."""


class Camera:
    """Measures a scene, draws the result and makes a frame of it."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.alerts: dict[str, Any] = {}
        self.slow = SlowLayers(scene)
        watching = monitors(scene.run.averaged, scene.kind).items()
        self._monitors = {name: monitor for name, monitor in watching if monitor.applies(scene)}
        self._charts_measured = float("-inf")
        known = suiting(scene.run.averaged, scene.kind).items()
        begun = {name: view.ahead(scene) for name, view in known if view.applies(scene)}
        self._ahead = {name: pieces for name, pieces in begun.items() if goes_on(pieces)}
        self.prepare()  # which is enough where nothing takes long

    @property
    def prepared(self) -> bool:
        """Whether everything that is measured once is there. Until then, live frames lack the views that need it."""
        return not self._ahead

    @torch.no_grad()
    def prepare(self) -> None:
        """Measure one more piece of what is measured once."""
        for name in list(self._ahead):
            if goes_on(self._ahead[name]):
                return
            del self._ahead[name]

    @torch.no_grad()
    def frame(self, snapshot: Snapshot, whole: bool = False, **more: Any) -> dict[str, Any]:
        """A frame of the scene as it is now.

        whole: renew every sample and measure layers at all times. For when training pauses or ends: some 100 kB
        instead of 25. more: additional fields of the frame.
        """
        scene = self.scene
        scene.renew(whole)
        due = whole or time.monotonic() - self._charts_measured >= CHARTS_EVERY
        layers = {name: drawn for name, drawn in self._drawn_layers(whole) if drawn is not None}
        scalars = finite(snapshot.scalars | (self.measure_charts(whole) if due else {}))
        if due:
            scene.record(snapshot.step, scalars)
        frame = {
            "step": snapshot.step,
            "steps": scene.run.end,
            "time": scene.look.time,
            "edits": scene.run.edits,
            "kind": scene.kind,
            "layers": layers,
            "scalars": scalars,
        }
        if due and (told := notes(scene.model, scene.kind)):
            frame["notes"] = {name: note.measure(scene) for name, note in told.items() if not note.silent(scene)}
        if self._monitors:
            frame["alerts"] = self.alerts
        return frame | more

    def _drawn_layers(self, whole: bool) -> Iterator[tuple[str, Any]]:
        for name, layer in visible_layers(self.scene).items():
            if not whole and name in self._ahead:
                continue
            if layer.silent(self.scene):
                yield name, []
            elif isinstance(layer, SlowLayer):
                yield name, None if whole else self.slow.drawn(name)
            else:
                yield name, layer.drawn(layer.measure(self.scene, whole))

    @torch.no_grad()
    def monitor(self, since: int | None = None) -> None:
        """Run the monitors that are due. To be called after each step, or after several, since an earlier one."""
        run = self.scene.run
        before = run.step - 1 if since is None else since
        for name, monitor in self._monitors.items():
            every = max(1, run.experiment.steps // monitor.times)
            if run.step // every > before // every:
                alert = monitor.measure(self.scene)
                self.alerts = {k: v for k, v in (self.alerts | {name: alert}).items() if v}

    def goes_on(self, source: Scene, step: int) -> None:
        """Let the monitors go on from what they saw in another run up to a step."""
        for monitor in self._monitors.values():
            monitor.remember(source, self.scene, step)

    def measure_charts(self, whole: bool = True) -> dict[str, float]:
        self._charts_measured = time.monotonic()
        known = charts(self.scene.model, self.scene.kind).items()
        ready = (chart for name, chart in known if whole or name not in self._ahead)
        asked = (chart for chart in ready if not chart.silent(self.scene))
        found = (chart.measure(self.scene) for chart in asked)
        return {name: value for scalars in found for name, value in scalars.items()}


def goes_on(pieces: Iterator[None]) -> bool:
    """Compute the next piece. Whether there are more."""
    return next(pieces, END) is not END


END = object()


def encode(frame: dict[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"))
