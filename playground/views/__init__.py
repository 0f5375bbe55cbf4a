"""The pictures. To add one: write its file and add its line."""

from playground.views.base import PLOTLY_JS, Chart, Figure, Kind, Layer, Layout, View, has
from playground.views.distance import Distance
from playground.views.fields import ExactVelocity, Speed, Velocity
from playground.views.forward import Noised, SignalToNoise, Walks
from playground.views.guided import ChosenClass, Guided
from playground.views.images import IMAGES, FilmStrip, Reconstructions
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
    "film": FilmStrip(),
    "returned": Reconstructions(),
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
    "tiles": Layout("Side by side", "Held-out images, and what the model makes.", ("held-out images",), of=IMAGES),
    "film": Layout("Film", "From noise on the left to an image on the right.", needs="trajectory", data=(), of=IMAGES),
}
"""The first that suits a family and its data is the one that its tab opens with."""


def layouts(family: object, kind: Kind | None = None) -> dict[str, Layout]:
    """The layouts that this family (a class or an instance) can be seen in, with data of this kind or of any."""
    return {n: v for n, v in LAYOUTS.items() if has(family, v.needs) and (kind is None or kind in v.of)}


def layers(family: object, kind: Kind | None = None) -> dict[str, Layer]:
    """The layers that this family can show of data of this kind, or of any."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Layer) and view.suits(family, kind)}


def charts(family: object, kind: Kind | None = None) -> dict[str, Chart]:
    """The charts that this family can show of data of this kind, or of any."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Chart) and view.suits(family, kind)}


def figures(family: object, kind: Kind | None = None) -> dict[str, Figure]:
    """The figures that this family can be asked for, on data of this kind or of any."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Figure) and view.suits(family, kind)}


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
