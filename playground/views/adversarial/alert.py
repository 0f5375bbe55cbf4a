"""The collapse detector, which runs while a GAN trains."""

import math
from collections.abc import Iterator
from typing import Any

import torch

from playground.families.capabilities import Adversarial
from playground.metrics import gan_collapse
from playground.scene.scene import Scene
from playground.views.adversarial.latents import latents
from playground.views.adversarial.modes import known
from playground.views.base import Monitor

LONGEST = 200
"""Most measurements that are kept, in case of a very long training."""

PARTS = 20
"""A remedy begins at a twentieth of the training, the last one before the failure: a little time for it to act."""


class Collapse(Monitor):
    title = "Collapse"
    help = "Says when and how the game broke, and what may help."
    needs = Adversarial

    def ahead(self, scene: Scene) -> Iterator[None]:
        return known.ahead(scene.run.experiment.dataset)

    def measure(self, scene: Scene) -> dict[str, Any] | None:
        run, history = scene.run, scene.kept.setdefault("collapse", [])
        model: Any = run.averaged
        found = known(run.experiment.dataset)
        fake = model.generate(latents(scene))
        real = torch.as_tensor(scene.data, dtype=torch.float32, device=run.device)
        samples, data = run.normalizer.from_canvas(fake.cpu().numpy()), run.normalizer.from_canvas(scene.data)
        signals = model.signals(real, fake)
        history.append(gan_collapse.measure(run.step, samples, data, found.modes, signals, found.ceiling))
        del history[:-LONGEST]
        finding = gan_collapse.detect(history, run.experiment.steps)
        if finding is None:
            return None
        return {
            "title": finding.kind.capitalize(),
            "step": finding.step,
            "before": finding.before - finding.before % math.ceil(run.experiment.steps / PARTS),
            "sentence": finding.sentence + self._lost(finding.kind, history[-1]),
            "remedies": [
                {"title": remedy.title, "why": remedy.why, "changes": dict(remedy.changes)}
                for remedy in gan_collapse.REMEDIES[finding.kind]
                if any(getattr(run.experiment.config, name) != value for name, value in remedy.changes.items())
            ],
        }

    def remember(self, source: Scene, scene: Scene, step: int) -> None:
        scene.kept["collapse"] = [measured for measured in source.kept.get("collapse", []) if measured.step <= step]

    @staticmethod
    def _lost(kind: gan_collapse.Failure, now: gan_collapse.Measurement) -> str:
        """The modes that are lost, by their numbers on the Stage."""
        numbers = [str(i + 1) for i, held in enumerate(now.nearest >= gan_collapse.HELD * now.due) if not held]
        if kind != "mode dropping" or not 0 < len(numbers) <= 12:
            return ""
        return f" Given up: {', '.join(numbers)}."
