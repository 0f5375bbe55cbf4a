"""The settings of a GAN."""

from typing import Annotated, ClassVar, Literal

from playground.config import knob
from playground.families import settings
from playground.families.base import FamilyConfig

Switch = Literal["off", "on"]


class GANConfig(FamilyConfig):
    """The settings of a GAN. The defaults are the recipe measured in benchmarks/gan.py."""

    IMAGES: ClassVar = {
        "latents": 16,
        "batch_size": 48,
        "steps": 7000,
        "r1": 5.0,
        "discriminator_learning_rate": 2e-3,
        "generator_learning_rate": 1e-3,
    }
    """Images need more latents, a stronger penalty and smaller steps than points, most of all the generator's: with
    γ = 2, a GAN of MNIST held two to seven of its ten classes."""

    objective: Annotated[
        Literal["non_saturating", "least_squares", "hinge", "wasserstein", "relativistic"],
        knob(
            "Objective",
            "What the two sides play for. Wasserstein needs a penalty; relativistic compares reals and fakes in pairs.",
            live=True,
            words={"non_saturating": "non-saturating", "wasserstein": "Wasserstein"},
        ),
    ] = "non_saturating"
    latents: Annotated[int, settings.latents("Numbers that the generator starts from.")] = 2
    r1: Annotated[
        float,
        knob(
            "R1 penalty γ", "Price of the discriminator's slope on real points. Calms the game.", ge=0, le=10, live=True
        ),
    ] = 0.2
    r2: Annotated[
        float, knob("R2 penalty γ", "Price of the discriminator's slope on fakes.", ge=0, le=10, live=True, more=True)
    ] = 0.0
    gradient_penalty: Annotated[
        float,
        knob(
            "Gradient penalty",
            "Price of slopes other than 1 between reals and fakes, as the Wasserstein objective wants it.",
            ge=0,
            le=20,
            live=True,
            more=True,
        ),
    ] = 0.0
    penalty_every: Annotated[
        int,
        knob("Penalty every", "Steps between two, each weighing as much more.", ge=1, le=16, live=True, more=True),
    ] = 4
    packing: Annotated[
        int, knob("PacGAN packing", "Points that the discriminator judges together: repeats stand out.", ge=1, le=4)
    ] = 1
    discriminator_steps: Annotated[
        int,
        knob("Discriminator steps", "Steps of the discriminator for one of the generator.", ge=1, le=10, live=True),
    ] = 1
    discriminator_learning_rate: Annotated[
        float, settings.learning_rate("Discriminator learning rate", "the discriminator's weights", le=0.1)
    ] = 4e-3
    generator_learning_rate: Annotated[
        float, settings.learning_rate("Generator learning rate", "the generator's weights", le=0.1)
    ] = 1e-3
    instance_noise: Annotated[
        float,
        knob(
            "Instance noise",
            "Blurs reals and fakes for the discriminator, so that they overlap; fades over the training.",
            ge=0,
            le=2,
            live=True,
        ),
    ] = 0.0
    unrolling: Annotated[
        int,
        knob(
            "Unrolling",
            "Moves of the discriminator that the generator looks ahead. Each makes its steps slower.",
            ge=0,
            le=10,
            live=True,
            more=True,
        ),
    ] = 0
    unrolling_rate: Annotated[
        float,
        knob(
            "Unrolling rate",
            "How far the discriminator moves in each step looked ahead.",
            ge=1e-3,
            le=1,
            live=True,
            more=True,
            log=True,
        ),
    ] = 0.1
    spectral_normalisation: Annotated[
        Switch, knob("Spectral normalisation", "Keeps the discriminator's slope below 1 everywhere.", more=True)
    ] = "off"
    minibatch_statistics: Annotated[
        Switch, knob("Mini-batch statistics", "Shows the discriminator how widely a batch is spread.", more=True)
    ] = "off"
    momentum: Annotated[
        float,
        knob("Momentum", "Adam's first memory: much makes them overshoot.", ge=0, le=0.99, live=True, more=True),
    ] = 0.5
    network: Annotated[settings.Network, settings.network()] = "convolutional"
    channels: Annotated[int, settings.channels()] = 24
    width: Annotated[int, settings.width(more=True)] = 48
    depth: Annotated[int, settings.depth()] = 5
    batch_size: Annotated[int, settings.batch_size()] = 256
