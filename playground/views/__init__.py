"""The pictures. To add one: write its file and add its line."""

from playground.views.base import PLOTLY_JS, Chart, Layer, View
from playground.views.distance import Distance
from playground.views.fields import ExactVelocity, Speed, Velocity
from playground.views.loss import Loss
from playground.views.paths import Paths
from playground.views.points import Data, Samples
from playground.views.scene import Look, Scene

VIEWS: dict[str, View] = {
    "data": Data(),
    "samples": Samples(),
    "paths": Paths(),
    "field": Velocity(),
    "exact": ExactVelocity(),
    "speed": Speed(),
    "loss": Loss(),
    "distance": Distance(),
}
"""In the order of their switches; the Stage paints them from the last to the first, upon the data."""


def layers(family: object) -> dict[str, Layer]:
    """The layers that this family (a class or an instance) can show."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Layer) and view.suits(family)}


def charts(family: object) -> dict[str, Chart]:
    """The charts that this family (a class or an instance) can show."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Chart) and view.suits(family)}


__all__ = ["PLOTLY_JS", "VIEWS", "Chart", "Layer", "Look", "Scene", "View", "charts", "layers"]
