"""Who runs the training. An engine starts runs and gives a Handle to each; what crosses to its hosts is plain data."""

from playground.engine.base import Engine, Full
from playground.engine.handle import Gone, Handle
from playground.engine.inline import InlineEngine
from playground.engine.worker import WorkerEngine

ENGINES: dict[str, type[Engine]] = {
    "inline": InlineEngine,
    "workers": WorkerEngine,
}

__all__ = ["ENGINES", "Engine", "Full", "Gone", "Handle", "InlineEngine", "WorkerEngine"]
