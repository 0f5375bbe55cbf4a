"""The settings of a VAE."""

from typing import Annotated, ClassVar, Literal

from playground.config import knob
from playground.families import settings
from playground.families.base import FamilyConfig


class VAEConfig(FamilyConfig):
    """The settings of a VAE. The defaults are the recipe measured in benchmarks/vae.py."""

    SAMPLING = frozenset({"drawn"})
    IMAGES: ClassVar = {
        "batch_size": 48,
        "learning_rate": 5e-3,
        "steps": 6000,
        "drawn": "means",
        "prior": "standard",
    }
    """Images: the plane of latents is then a map, all of which has a meaning. With a prior that is learned, samples of
    MNIST are surer, and the map is ten times as wide, most of it empty."""

    latents: Annotated[int, settings.latents("Numbers that a point is squeezed into.")] = 2
    beta: Annotated[
        float,
        knob(
            "β (KL weight)",
            "The price of information in the latent: 1 is the likelihood's bound, more collapses, 0 is an autoencoder.",
            ge=0,
            le=20,
            live=True,
        ),
    ] = 1.0
    noise: Annotated[
        Literal["learned", "fixed"],
        knob("Decoder noise", "Whether the decoder learns how much data strays from its answer.", live=True),
    ] = "learned"
    decoder_std: Annotated[
        float,
        knob(
            "Noise level",
            "Standard deviation of the decoder's noise: where learning begins, or what it is if fixed.",
            ge=0.01,
            le=2,
            live=True,
            log=True,
        ),
    ] = 0.5
    drawn: Annotated[
        Literal["samples", "means"],
        knob(
            "What is drawn",
            "Samples have the decoder's noise, as the model has it. Papers print images without it: the means.",
            live=True,
            more=True,
            words={"samples": "with the noise", "means": "without the noise"},
        ),
    ] = "samples"
    prior: Annotated[
        Literal["standard", "mixture"],
        knob("Prior", "What latents are drawn from: one standard Gaussian, or a learned mixture of several."),
    ] = "mixture"
    network: Annotated[settings.Network, settings.network()] = "convolutional"
    channels: Annotated[int, settings.channels()] = 24
    width: Annotated[int, settings.width()] = 64
    learning_rate: Annotated[float, settings.learning_rate(le=0.1)] = 1e-2
    depth: Annotated[int, settings.depth()] = 4
    warm_up: Annotated[
        float,
        knob(
            "Warm-up",
            "Share of the training over which β rises from 0, so that latents are used before they cost.",
            ge=0,
            le=1,
            live=True,
            more=True,
        ),
    ] = 0.05
    free_bits: Annotated[
        float,
        knob(
            "Free bits",
            "Nats that each latent dimension may hold at no price (with one importance sample).",
            ge=0,
            le=4,
            live=True,
            more=True,
        ),
    ] = 0.25
    importance_samples: Annotated[
        int,
        knob(
            "Importance samples",
            "Latents drawn for each point in training. More make the bound tighter and the steps slower.",
            ge=1,
            le=32,
            live=True,
            more=True,
            log=True,
        ),
    ] = 1
    components: Annotated[
        int, knob("Components", "Gaussians in a learned prior.", ge=1, le=32, more=True, when={"prior": "mixture"})
    ] = 8
