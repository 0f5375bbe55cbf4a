"""What a recipe is."""

from dataclasses import dataclass

from playground.experiment import Experiment


@dataclass(frozen=True)
class Recipe:
    """title: the label of its button. help: one sentence on what it shows. layout, layers, time: the view that shows
    the point, which is the layout of the Stage, the layers that are on, by default those that a tab opens with, and the
    time between noise and data. None leaves the layout, or the time, as it is.

    Where a trained model of the experiment is at hand, shipped or the visitor's, or one that differs only in its
    sampling, that is shown at once; otherwise, one is trained."""

    title: str
    help: str
    experiment: Experiment
    layout: str | None = None
    layers: tuple[str, ...] = ()
    time: float | None = None
