"""The pictures. To add one: write its file and add its line."""

from playground.views.astray import Astray
from playground.views.base import PLOTLY_JS, Chart, Figure, Layer, Layout, Note, View, has
from playground.views.bound import Active, Dimensions, Elbo, RateDistortion
from playground.views.distance import Distance
from playground.views.fields import ExactVelocity, Speed, Velocity
from playground.views.latent import Aggregate, Decoded, Holes, Origins, Posteriors, Prior, Reconstructions
from playground.views.likelihood import Likelihood, OverBeta
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
    "origins": Origins(),
    "reconstructions": Reconstructions(),
    "posteriors": Posteriors(),
    "aggregate": Aggregate(),
    "decoded": Decoded(),
    "prior": Prior(),
    "holes": Holes(),
    "loss": Loss(),
    "distance": Distance(),
    "elbo": Elbo(),
    "rates": RateDistortion(),
    "dimensions": Dimensions(),
    "astray": Astray(),
    "active": Active(),
    "likelihood": Likelihood(),
    "over_beta": OverBeta(),
}
"""In the order of their switches; the Stage paints them from the last to the first, upon the data."""

LAYOUTS: dict[str, Layout] = {
    "latent": Layout(
        "Data and latent",
        "What is encoded on the left, and the latent space on the right.",
        panels=("Data", "Latent"),
        needs=("encode", "decode"),
        hint="Point at a datum or a latent. Drag a way through the latent space, or click on two data.",
    ),
    "place": Layout("In place", "One square, in which the samples change."),
    "journey": Layout("Journey", "From noise on the left to data on the right.", needs="trajectory", moving=True),
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


def notes(family: object) -> dict[str, Note]:
    """The notes that this family (a class or an instance) can show."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Note) and view.suits(family)}


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
    "Note",
    "Scene",
    "View",
    "charts",
    "figures",
    "layers",
    "layouts",
    "notes",
]
