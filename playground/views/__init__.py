"""The pictures. To add one: write its file and add its line."""

from playground.views.astray import Astray
from playground.views.base import IMAGES, PLOTLY_JS, Chart, Figure, Kind, Layer, Layout, Note, View, Watch, has
from playground.views.beside import BesideGan
from playground.views.bound import Active, Dimensions, Elbo, RateDistortion
from playground.views.critic import Critic, Gradient
from playground.views.distance import Distance
from playground.views.fields import ExactVelocity, Speed, Velocity
from playground.views.forward import Noised, SignalToNoise, Walks
from playground.views.guided import ChosenClass, Guided
from playground.views.image_codes import DecodedPlane, ImageReconstructions, Interpolations
from playground.views.images import FilmStrip
from playground.views.latent import Aggregate, Decoded, Holes, Origins, PointReconstructions, Posteriors, Prior
from playground.views.latents import Latents, Warp
from playground.views.likelihood import Likelihood, OverBeta
from playground.views.loss import Loss, Losses
from playground.views.memory import Nearest, Remembered, TrainingPoints
from playground.views.modes import Divergence, LostModes, ModesHeld, Quality
from playground.views.nll import ModelDensity, NegativeLogLikelihood
from playground.views.paths import Paths
from playground.views.points import Data, Samples
from playground.views.price import Price
from playground.views.reverse import PredictedClean, Samplers
from playground.views.scene import Look, Scene
from playground.views.score import ExactScore, Score, ScoreError, ScoreOverTime
from playground.views.sharpness import Sharpness
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
    "density": ModelDensity(),
    "origins": Origins(),
    "reconstructions": PointReconstructions(),
    "posteriors": Posteriors(),
    "aggregate": Aggregate(),
    "decoded": Decoded(),
    "prior": Prior(),
    "holes": Holes(),
    "returned": ImageReconstructions(),
    "score": Score(),
    "exact_score": ExactScore(),
    "score_error": ScoreError(),
    "film": FilmStrip(),
    "decoded_plane": DecodedPlane(),
    "ways": Interpolations(),
    "modes": ModesHeld(),
    "quality": Quality(),
    "loss": Loss(),
    "losses": Losses(),
    "distance": Distance(),
    "elbo": Elbo(),
    "nll": NegativeLogLikelihood(),
    "rates": RateDistortion(),
    "dimensions": Dimensions(),
    "astray": Astray(),
    "sharpness": Sharpness(),
    "active": Active(),
    "beside_gan": BesideGan(),
    "likelihood": Likelihood(),
    "over_beta": OverBeta(),
    "divergence": Divergence(),
    "collapse": Collapse(),
    "nearest": Nearest(),
    "signal": SignalToNoise(),
    "score_over_time": ScoreOverTime(),
    "price": Price(),
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
    "latent_map": Layout(
        "Latents and data",
        "The generator's two ends: on the right what it starts from, coloured by the mode that it is sent to.",
        panels=("data", "latents"),
        needs="warped_grid",
    ),
    "forward": Layout(
        "Adding noise",
        "The other way: data walk into noise.",
        needs="log_snr",
        backwards=True,
        hint="Click on a point to follow it into noise.",
    ),
    "score": Layout("Score", "Which way the data are, at every level of noise.", needs="score"),
    "samplers": Layout("Samplers", "The same noise, several samplers.", ("",) * 5, needs="chain", data=None),
    "memory": Layout("Memory", "Are the samples new, or the training points?", needs="exact_velocity", data=()),
    "guided": Layout(
        "Beside the class", "The samples beside the class that they should be of.", ("Samples", "Data"), "chain", ()
    ),
    "tiles": Layout("Side by side", "Held-out images, and what the model makes.", ("held-out images",), of=IMAGES),
    "film": Layout("Film", "From noise on the left to an image on the right.", needs="trajectory", data=(), of=IMAGES),
    "codes": Layout(
        "Latent plane",
        "What each place of the latent plane decodes to, and where the codes of held-out images lie.",
        panels=("Decoded", "Latent"),
        needs=("encode", "decode"),
        data=(),
        hint="Point into the latent plane: what lies there is decoded.",
        of=IMAGES,
    ),
    "ways": Layout(
        "Interpolation",
        "From one held-out image to another, through the latent space.",
        panels=("held-out images", ""),
        needs=("encode", "decode", "interpolate"),
        hint="Click on two of the held-out images: three ways from one to the other are decoded.",
        of=IMAGES,
    ),
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


def notes(family: object, kind: Kind | None = None) -> dict[str, Note]:
    """The notes that this family can show of data of this kind, or of any."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Note) and view.suits(family, kind)}


def figures(family: object, kind: Kind | None = None) -> dict[str, Figure]:
    """The figures that this family can be asked for, on data of this kind or of any."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Figure) and view.suits(family, kind)}


def watches(family: object, kind: Kind | None = None) -> dict[str, Watch]:
    """What watches the training of this family, on data of this kind or of any."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Watch) and view.suits(family, kind)}


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
    "Watch",
    "charts",
    "figures",
    "layers",
    "layouts",
    "notes",
    "watches",
]
