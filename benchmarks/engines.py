"""The engine that benchmarks measure."""

import time

from playground.engine import WorkerEngine


def started() -> WorkerEngine:
    """An engine, once all of its workers are ready."""
    engine = WorkerEngine()
    while engine.hosts.ready < engine.hosts.wanted:
        time.sleep(0.1)
    return engine
