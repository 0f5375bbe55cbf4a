"""Training in the background. An engine starts runs in its hosts, by plain-data messages, and returns Handles."""

import os
from collections.abc import Callable

from playground.data.errors import quoted
from playground.engine.base import Engine, Full, Stopped
from playground.engine.handle import GONE, Gone, Handle
from playground.engine.heap import few_heaps, keep_small
from playground.engine.inline import InlineEngine
from playground.engine.worker import WorkerEngine
from playground.engine.zero.engine import ZeroEngine
from playground.training.device import zero_gpu


def ray_engine() -> Engine:
    try:
        from playground.engine.ray import RayEngine
    except ModuleNotFoundError:
        raise ValueError("Ray is not installed. On all machines: pip install -r requirements-ray.txt") from None
    return RayEngine()


ENGINES: dict[str, Callable[[], Engine]] = {
    "inline": InlineEngine,
    "workers": WorkerEngine,
    "zero": ZeroEngine,
    "ray": ray_engine,
}

CHOICE = "PLAYGROUND_ENGINE"
"""The environment variable that names the engine of the app."""


def make(name: str | None = None) -> Engine:
    """The engine of that name, else of the name in the environment, else "zero" on ZeroGPU and "workers" anywhere else.
    Raises ValueError."""
    wanted = name or os.environ.get(CHOICE) or ("zero" if zero_gpu() else "workers")
    if wanted not in ENGINES:
        raise ValueError(f"There is no engine called {quoted(wanted)}. {CHOICE} can be {' or '.join(ENGINES)}.")
    return ENGINES[wanted]()


__all__ = [
    "ENGINES",
    "GONE",
    "Engine",
    "Full",
    "Gone",
    "Handle",
    "InlineEngine",
    "Stopped",
    "WorkerEngine",
    "few_heaps",
    "keep_small",
    "make",
]
