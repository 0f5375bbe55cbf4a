"""The size of frames, and the time to make them.

    python -m benchmarks.frames

Sizes are of the JSON text that is sent to the browser. A live frame is what a page with its opening layers gets 12
times a second; its time includes integrating as many samples as the scene's time budget allows
(`playground.scene.scene.RENEWAL`). A whole frame is sent when training pauses: everything that a visitor may switch on
afterwards, at all times. Times are medians of the thread's CPU time, after 300 steps of training on one thread.
"""

import time

import numpy as np
import torch

from benchmarks.table import heading, median, show, target
from playground import Experiment
from playground.engine.hosting import host
from playground.engine.hosting.camera import Camera
from playground.engine.hosting.camera import encode as to_text
from playground.scene import Scene, ViewState, encode
from playground.training.run import Run
from playground.views import layers

REPEATS = 30
MOST = 30_000


def synthetic() -> str:
    """3,000 points, a 64 × 64 field and the scalars."""
    random = np.random.default_rng(0)
    drawn = {
        "samples": encode.points(random.normal(size=(3000, 2)), "samples"),
        "speed": encode.heat(random.random((64, 64)), [1.0]),
    }
    frame = {"run": "0-01234567", "step": 4000, "steps": 4000, "time": 1.0, "layers": drawn, "state": "training"}
    return to_text(frame | {"message": "", "rate": 800, "scalars": {"loss": 1.23456, "distance": 0.12345}})


def made(camera: Camera, whole: bool, repeats: int) -> tuple[int, float]:
    """Bytes of a frame, and seconds to measure and encode it."""
    sizes, seconds = [], []
    for _ in range(repeats):
        camera.scene.run.advance()
        began = time.thread_time()
        text = to_text(camera.frame(camera.scene.run.snapshot(), whole, state="training", message=""))
        seconds.append(time.thread_time() - began)
        sizes.append(len(text.encode()))
    return int(median(sizes)), median(seconds)


def main() -> None:
    torch.set_num_threads(1)
    run = Run(Experiment(dataset="eight_gaussians"))
    for _ in range(300):
        run.advance()
    everything = ViewState(layers=frozenset(layers(run.averaged)))
    rows = []
    size = len(synthetic().encode())
    rows.append(("3,000 points, 64 × 64 field, scalars", f"{size:,}", *target(size, most=MOST, digits=0)))
    for name, look, whole, repeats in (
        ("live frame, opening layers", ViewState(), False, REPEATS),
        ("live frame, every layer", everything, False, REPEATS),
        ("whole frame, on pause", ViewState(), True, 5),
    ):
        camera = Camera(Scene(run, look))
        began = time.thread_time()
        first = to_text(camera.frame(run.snapshot()))
        rows.append(
            (
                f"{name}: the first of a run",
                f"{len(first.encode()):,}",
                "",
                "",
                f"{1e3 * (time.thread_time() - began):.1f}",
            )
        )
        made(camera, whole, 3)
        size, seconds = made(camera, whole, repeats)
        bound = target(size, most=MOST, digits=0) if not whole and look == ViewState() else ("–", "")
        rows.append((name, f"{size:,}", *bound, f"{1e3 * seconds:.1f}"))
        if not whole and look == ViewState():
            share = seconds / host.FRAME_EVERY
            rows.append((f"    … of a core, {1 / host.FRAME_EVERY:.0f} a second", f"{share:.1%}"))
    heading("Frames")
    show(("", "bytes", "target", "met", "ms to measure and encode"), rows)


if __name__ == "__main__":
    main()
