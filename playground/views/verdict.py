"""The collapse detector, while a GAN trains."""

from typing import Any

import torch

from playground import collapse
from playground.views.base import Watch
from playground.views.modes import known
from playground.views.scene import Scene

LONGEST = 400
"""Measurements that are kept; of more, every second one of the older half goes."""


class Collapse(Watch):
    title = "Collapse"
    help = "Says when and how the game broke, and what may help."
    needs = "signals"

    def measure(self, scene: Scene) -> dict[str, Any] | None:
        run, history = scene.run, scene.memory.setdefault("collapse", [])
        if not history or history[-1].step < run.step:
            found = known(run.experiment.dataset)
            real, fake = (
                torch.as_tensor(xy, dtype=torch.float32, device=run.device) for xy in (scene.data, scene.finished)
            )
            samples, data = run.square.from_square(scene.finished), run.square.from_square(scene.data)
            signals = scene.model.signals(real, fake)
            history.append(collapse.measure(run.step, samples, data, found.modes, signals, found.ceiling))
            if len(history) > LONGEST:
                half = len(history) // 2
                history[:half] = history[:half:2]
        finding = collapse.detect(history, run.experiment.steps)
        if finding is None:
            return None
        return {
            "title": finding.kind.capitalize(),
            "step": finding.step,
            "before": finding.before,
            "sentence": finding.sentence + self._lost(finding.kind, history[-1]),
            "remedies": [
                {"title": remedy.title, "why": remedy.why, "changes": dict(remedy.changes)}
                for remedy in collapse.REMEDIES[finding.kind]
                if any(getattr(run.experiment.config, name) != value for name, value in remedy.changes.items())
            ],
        }

    @staticmethod
    def _lost(kind: collapse.Kind, now: collapse.Measurement) -> str:
        """Which modes are given up, by their numbers on the Stage."""
        numbers = [str(i + 1) for i, held in enumerate(now.nearest >= collapse.HELD * now.due) if not held]
        if kind != "mode dropping" or not 0 < len(numbers) <= 12:
            return ""
        return f" Given up: {', '.join(numbers)}."
