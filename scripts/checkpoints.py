"""Trains the models that ship with the project and saves them, each with a history for its charts.

    python -m scripts.checkpoints [name …]

It is a script, not part of `playground.training`, because the charts are measured by the views.
"""

import math
import sys

from playground.engine.camera import Camera
from playground.scene.scene import Scene
from playground.training.checkpoints import FOLDER, SHIPPED, save
from playground.training.run import Run, follow

HISTORY = 120
"""Snapshots of the scalars in a history."""


def make(name: str) -> None:
    """Train a shipped experiment and save it."""
    run, seen = Run(SHIPPED[name]), []
    scene = Scene(run)
    camera = Camera(scene)
    for snapshot in follow(run, every=max(1, run.experiment.total_steps // HISTORY)):
        scene.renew(whole=True)
        scalars = snapshot.scalars | camera.measure_charts()
        finite = {key: float(f"{value:.4g}") for key, value in scalars.items() if math.isfinite(value)}
        seen.append({"step": snapshot.step, **finite})
    save(run, FOLDER / f"{name}.safetensors", seen)


if __name__ == "__main__":
    for name in sys.argv[1:] or SHIPPED:
        print(name)
        make(name)
