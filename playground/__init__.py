"""Generative Playground: draw a distribution, train a small generative model on it, and watch it learn.

>>> from playground import Experiment, fit
>>> run = fit(Experiment(family="flow", dataset="two_moons", steps=20, seed=0))
>>> run.sample(5, seed=1).shape
(5, 2)
"""

from playground.experiment import Experiment
from playground.training.guard import Diverged
from playground.training.run import Run, Snapshot, fit, train

__all__ = ["Diverged", "Experiment", "Run", "Snapshot", "fit", "train"]
