"""Trains the models that ship with the project and saves them, each with a history for its charts.

    python -m scripts.checkpoints [name …]

It is a script, not part of `playground.training`, because the charts are measured by the views.
"""

import math
import sys
import time

import torch

from playground.engine.hosting.camera import Camera
from playground.scene.scene import Scene
from playground.training.checkpoints import FOLDER, SHIPPED, save
from playground.training.run import Run, follow

HISTORY = {"points": 120, "images": 40}
"""Snapshots of the scalars in a history. Each of images takes half a second."""


def make(name: str) -> None:
    """Train a shipped experiment and save it."""
    run, seen = Run(SHIPPED[name]), []
    scene = Scene(run)
    camera = Camera(scene)
    for snapshot in follow(run, every=max(1, run.experiment.total_steps // HISTORY[scene.kind])):
        scene.renew(whole=True)
        scalars = snapshot.scalars | camera.measure_charts()
        finite = {key: float(f"{value:.4g}") for key, value in scalars.items() if math.isfinite(value)}
        seen.append({"step": snapshot.step, **finite})
    save(run, FOLDER / f"{name}.safetensors", seen, half=scene.kind == "images")


if __name__ == "__main__":
    torch.set_num_threads(1)  # as in a worker
    for name in sys.argv[1:] or SHIPPED:
        began = time.process_time()
        make(name)
        print(f"{name}: {time.process_time() - began:.0f} s of one processor", flush=True)
