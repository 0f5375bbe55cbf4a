"""The pictures. To add one: write its file and add its line."""

from playground.views.base import PLOTLY_JS, Chart, Figure, Layer, Layout, View, Watch, has
from playground.views.critic import Critic, Gradient
from playground.views.distance import Distance
from playground.views.fields import ExactVelocity, Speed, Velocity
from playground.views.latents import Latents, Warp
from playground.views.loss import Loss, Losses
from playground.views.modes import Divergence, LostModes, ModesHeld, Quality
from playground.views.paths import Paths
from playground.views.points import Data, Samples
from playground.views.scene import Look, Scene
from playground.views.verdict import Collapse

VIEWS: dict[str, View] = {
    "data": Data(),
    "lost": LostModes(),
    "samples": Samples(),
    "gradient": Gradient(),
    "warp": Warp(),
    "latents": Latents(),
    "critic": Critic(),
    "paths": Paths(),
    "field": Velocity(),
    "exact": ExactVelocity(),
    "speed": Speed(),
    "modes": ModesHeld(),
    "quality": Quality(),
    "loss": Loss(),
    "losses": Losses(),
    "distance": Distance(),
    "divergence": Divergence(),
    "collapse": Collapse(),
}
"""In the order of their switches; the Stage paints them from the last to the first, upon the data."""

LAYOUTS: dict[str, Layout] = {
    "place": Layout("In place", "One square, in which the samples change."),
    "journey": Layout("Journey", "From noise on the left to data on the right.", needs="trajectory", moving=True),
    "latent_map": Layout(
        "Latents and data",
        "The generator's two ends: on the right what it starts from, coloured by the mode that it is sent to.",
        panels=("data", "latents"),
        needs="warped_grid",
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


def watches(family: object) -> dict[str, Watch]:
    """What watches the training of this family (a class or an instance)."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Watch) and view.suits(family)}


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
    "Watch",
    "charts",
    "figures",
    "layers",
    "layouts",
    "watches",
]
