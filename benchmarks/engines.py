"""The engine that benchmarks measure."""

import time

from playground.engine import WorkerEngine
from playground.engine.crew import Crew

START = 300
"""Most seconds until all hosts are ready."""


def started(engine: Crew | None = None) -> Crew:
    """An engine, by default the app's, once all of its hosts are ready. Raises RuntimeError if they never are."""
    engine = engine or WorkerEngine()
    deadline = time.monotonic() + START
    while engine.hosts.ready < engine.hosts.wanted:
        if time.monotonic() > deadline:
            engine.close()
            raise RuntimeError(f"The hosts were not ready within {START} s.")
        time.sleep(0.1)
    return engine
