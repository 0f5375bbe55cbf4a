"""Training: runs of experiments, their history, and checkpoints."""

from playground.training.guard import Diverged
from playground.training.history import History
from playground.training.run import Run, Snapshot, State, fit, follow, train

__all__ = ["Diverged", "History", "Run", "Snapshot", "State", "fit", "follow", "train"]
