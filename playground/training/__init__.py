"""Training: runs of experiments, their history, and checkpoints."""

from playground.training.guard import Diverged
from playground.training.history import History
from playground.training.run import Run, Snapshot, fit, follow, train
from playground.training.state import State

__all__ = ["Diverged", "History", "Run", "Snapshot", "State", "fit", "follow", "train"]
