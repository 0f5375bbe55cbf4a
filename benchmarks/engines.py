"""The engine that benchmarks measure."""

import time

from playground.engine import WorkerEngine
from playground.engine.crew import Crew


def started(engine: Crew | None = None) -> Crew:
    """An engine, by default the app's, once all of its hosts are ready."""
    engine = engine or WorkerEngine()
    while engine.hosts.ready < engine.hosts.wanted:
        time.sleep(0.1)
    return engine
