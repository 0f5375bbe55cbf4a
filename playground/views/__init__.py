"""The registry of views. To add one, write its file and add its line."""

from playground.data.kinds import Kind
from playground.families.capabilities import can
from playground.scene.scene import Scene
from playground.scene.view_state import ViewState
from playground.views.adversarial.alert import Collapse
from playground.views.adversarial.coverage import Coverage, Density
from playground.views.adversarial.critic import Critic, Gradient
from playground.views.adversarial.latents import GeneratorGrid, Latents
from playground.views.adversarial.modes import Divergence, LostModes, ModesHeld, Quality
from playground.views.base import Chart, Figure, Layer, Monitor, Note, SlowLayer, View
from playground.views.common.density import KernelEstimate, ModelDensity, TrueDensity
from playground.views.common.distance import Distance
from playground.views.common.images import FilmStrip
from playground.views.common.likelihood import ContinuousLikelihood, NegativeLogLikelihood
from playground.views.common.loss import Loss, Losses
from playground.views.common.off_manifold import OffManifold
from playground.views.common.points import Data, Samples
from playground.views.common.sharpness import Sharpness
from playground.views.images.classes import ByClass, Classes, ClassesPresent, ClassHistogram, Confidence
from playground.views.images.feature_plane import FeatureData, FeatureSamples
from playground.views.images.guidance import BesideClass, ConditionalAccuracy, Confusion, GuidanceGrid
from playground.views.images.nearest import NearestImages
from playground.views.images.noising import NoisedImages
from playground.views.images.quality import DensityCoverage, Frechet, Kernel, PrecisionRecall
from playground.views.latent.compare_with_gan import CompareWithGAN
from playground.views.latent.elbo import Active, Dimensions, Elbo, RateDistortion
from playground.views.latent.image_codes import DecodedPlane, ImageReconstructions, Interpolations
from playground.views.latent.likelihood import Likelihood, OverBeta
from playground.views.latent.spaces import Aggregate, Decoded, Holes, Origins, PointReconstructions, Posteriors, Prior
from playground.views.latent.traversal import EncodedTraversal, GeneratedInterpolations, GeneratedTraversal
from playground.views.layouts import LAYOUTS, Layout
from playground.views.matching.conditional import ConditionalVelocities
from playground.views.matching.coupling import Coupling
from playground.views.matching.gradient_identity import GradientIdentity
from playground.views.matching.transport_cost import TransportCost
from playground.views.time.fields import ExactVelocity, Speed, Velocity
from playground.views.time.forward import Noised, SignalToNoise, Walks
from playground.views.time.guided import ChosenClass, Guided
from playground.views.time.memorisation import Nearest, Remembered, TrainingPoints
from playground.views.time.paths import Paths, SolverSteps
from playground.views.time.quality_against_nfe import SamplersAgainstNFE, SolversAgainstNFE
from playground.views.time.reverse import PredictedX0, Samplers
from playground.views.time.score import ExactScore, Score, ScoreError, ScoreOverTime
from playground.views.time.source import Source
from playground.views.time.straightness import Straightness

VIEWS: dict[str, View] = {
    "data": Data(),
    "lost": LostModes(),
    "samples": Samples(),
    "gradient": Gradient(),
    "generator_grid": GeneratorGrid(),
    "latents": Latents(),
    "critic": Critic(),
    "solver_steps": SolverSteps(),
    "paths": Paths(),
    "source": Source(),
    "denoised": PredictedX0(),
    "walks": Walks(),
    "noised": Noised(),
    "samplers": Samplers(),
    "guided": Guided(),
    "class": ChosenClass(),
    "training": TrainingPoints(),
    "remembered": Remembered(),
    "coupling": Coupling(),
    "conditional": ConditionalVelocities(),
    "field": Velocity(),
    "exact": ExactVelocity(),
    "speed": Speed(),
    "density": ModelDensity(),
    "kernels": KernelEstimate(),
    "true_density": TrueDensity(),
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
    "noised_images": NoisedImages(),
    "decoded_plane": DecodedPlane(),
    "interpolations": Interpolations(),
    "traversal": EncodedTraversal(),
    "sample_interpolations": GeneratedInterpolations(),
    "sample_traversal": GeneratedTraversal(),
    "beside_class": BesideClass(),
    "guidance_grid": GuidanceGrid(),
    "by_class": ByClass(),
    "nearest_images": NearestImages(),
    "feature_samples": FeatureSamples(),
    "feature_data": FeatureData(),
    "frechet": Frechet(),
    "class_names": Classes(),
    "classes": ClassesPresent(),
    "confidence": Confidence(),
    "precision_recall": PrecisionRecall(),
    "density_coverage": DensityCoverage(),
    "kernel": Kernel(),
    "distance": Distance(),
    "nearest": Nearest(),
    "modes": ModesHeld(),
    "quality": Quality(),
    "coverage": Coverage(),
    "crowding": Density(),
    "elbo": Elbo(),
    "nll": NegativeLogLikelihood(),
    "off_manifold": OffManifold(),
    "sharpness": Sharpness(),
    "divergence": Divergence(),
    "active": Active(),
    "rates": RateDistortion(),
    "dimensions": Dimensions(),
    "straightness": Straightness(),
    "loss": Loss(),
    "losses": Losses(),
    "class_histogram": ClassHistogram(),
    "conditional_accuracy": ConditionalAccuracy(),
    "confusion": Confusion(),
    "compare_with_gan": CompareWithGAN(),
    "likelihood": Likelihood(),
    "continuous_likelihood": ContinuousLikelihood(),
    "over_beta": OverBeta(),
    "collapse": Collapse(),
    "signal": SignalToNoise(),
    "gradient_identity": GradientIdentity(),
    "transport_cost": TransportCost(),
    "score_over_time": ScoreOverTime(),
    "quality_against_nfe": SamplersAgainstNFE(),
    "solvers_against_nfe": SolversAgainstNFE(),
}
"""In the order of their switches and cards. The Stage paints layers from the last to the first, over the data."""


def layouts(family: object, kind: Kind | None = None) -> dict[str, Layout]:
    """The layouts available to this family (a class or an instance) with data of this kind, or of any kind."""
    return {n: v for n, v in LAYOUTS.items() if can(family, v.needs) and (kind is None or kind in v.kinds)}


def layers(family: object, kind: Kind | None = None) -> dict[str, Layer]:
    """The layers available to this family with data of this kind, or of any kind."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Layer) and view.suits(family, kind)}


def suiting(family: object, kind: Kind) -> dict[str, View]:
    """All views available to this family with data of this kind."""
    return {name: view for name, view in VIEWS.items() if view.suits(family, kind)}


def visible_layers(scene: Scene) -> dict[str, Layer]:
    """The layers that are looked at, except the constant ones."""
    look, kind = scene.look, scene.kind
    possible = layouts(scene.model, kind)  # a layout of another kind of data is replaced by the first
    layout = look.layout if look.layout in possible else next(iter(possible))
    return {
        name: layer
        for name, layer in layers(scene.model, kind).items()
        if name in look.layers and layout in layer.layouts and not layer.constant
    }


def charts(family: object, kind: Kind | None = None) -> dict[str, Chart]:
    """The charts available to this family with data of this kind, or of any kind."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Chart) and view.suits(family, kind)}


def default_view(family: object, kind: Kind | None = None) -> ViewState:
    """The view before a visitor chooses: the layers that are on by default, in the first layout."""
    shown = frozenset(name for name, layer in layers(family, kind).items() if layer.default_on)
    return ViewState(layers=shown, layout=next(iter(layouts(family, kind))))


def notes(family: object, kind: Kind | None = None) -> dict[str, Note]:
    """The notes available to this family with data of this kind, or of any kind."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Note) and view.suits(family, kind)}


def figures(family: object, kind: Kind | None = None) -> dict[str, Figure]:
    """The figures available to this family with data of this kind, or of any kind."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Figure) and view.suits(family, kind)}


def monitors(family: object, kind: Kind | None = None) -> dict[str, Monitor]:
    """The monitors available to this family with data of this kind, or of any kind."""
    return {name: view for name, view in VIEWS.items() if isinstance(view, Monitor) and view.suits(family, kind)}


__all__ = [
    "LAYOUTS",
    "VIEWS",
    "Chart",
    "Figure",
    "Layer",
    "Layout",
    "Monitor",
    "Note",
    "Scene",
    "SlowLayer",
    "View",
    "ViewState",
    "charts",
    "default_view",
    "figures",
    "layers",
    "layouts",
    "monitors",
    "notes",
    "visible_layers",
]
