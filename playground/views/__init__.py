"""The pictures. To add one: write its file and add its line."""

from playground.views.base import PLOTLY_JS, Chart, Figure, Layer, Layout, View, has
from playground.views.distance import Distance
from playground.views.fields import ExactVelocity, Speed, Velocity
from playground.views.forward import Noised, SignalToNoise, Walks
from playground.views.guided import ChosenClass, Guided
from playground.views.loss import Loss
from playground.views.memory import Nearest, Remembered, TrainingPoints
from playground.views.paths import Paths
from playground.views.points import Data, Samples
from playground.views.quality import Quality
from playground.views.reverse import PredictedClean, Samplers
from playground.views.scene import Look, Scene
from playground.views.score import ExactScore, Score, ScoreError, ScoreOverTime

VIEWS: dict[str, View] = {
    "data": Data(),
    "samples": Samples(),
    "paths": Paths(),
    "clean": PredictedClean(),
    "walks": Walks(),
    "noised": Noised(),
    "samplers": Samplers(),
    "guided": Guided(),
    "class": ChosenClass(),
    "training": TrainingPoints(),
    "remembered": Remembered(),
    "field": Velocity(),
    "exact": ExactVelocity(),
    "speed": Speed(),
    "score": Score(),
    "exact_score": ExactScore(),
    "score_error": ScoreError(),
    "loss": Loss(),
    "distance": Distance(),
    "nearest": Nearest(),
    "signal": SignalToNoise(),
    "score_over_time": ScoreOverTime(),
    "quality": Quality(),
}
"""In the order of their switches; the Stage paints them from the last to the first, upon the data."""

LAYOUTS: dict[str, Layout] = {
    "place": Layout("In place", "One square, in which the samples change."),
    "journey": Layout("Journey", "From noise on the left to data on the right.", needs="trajectory", moving=True),
    "forward": Layout("Adding noise", "The other way: data walk into noise.", needs="log_snr", backwards=True),
    "score": Layout("Score", "Which way the data are, at every level of noise.", needs="score"),
    "samplers": Layout("Samplers", "The same noise, several samplers.", ("",) * 5, needs="chain", data=None),
    "memory": Layout("Memory", "Are the samples new, or the training points?", needs="exact_velocity", data=()),
    "guided": Layout(
        "Beside the class", "The samples beside the class that they should be of.", ("Samples", "Data"), "chain", ()
    ),
}
"""The first that suits a family is the one that its tab opens with."""


def layouts(family: object) -> dict[str, Layout]:
    """The layouts that this family (a class or an instance) can be seen in."""
    return {name: layout for name, layout in LAYOUTS.items() if has(family, layout.needs)}


def layers(family: object) -> dict[str, Layer]:
    """The layers that this family (a class or an instance) can show."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Layer) and view.suits(family)}


def charts(family: object) -> dict[str, Chart]:
    """The charts that this family (a class or an instance) can show."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Chart) and view.suits(family)}


def figures(family: object) -> dict[str, Figure]:
    """The figures that this family (a class or an instance) can be asked for."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Figure) and view.suits(family)}


__all__ = [
    "LAYOUTS",
    "PLOTLY_JS",
    "VIEWS",
    "Chart",
    "Figure",
    "Layer",
    "Layout",
    "Look",
    "Scene",
    "View",
    "charts",
    "figures",
    "layers",
    "layouts",
]
