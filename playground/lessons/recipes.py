"""Recipes: instructive experiments by family, each available with one click on the page."""

from dataclasses import dataclass
from typing import Any

from playground.experiment import BUDGET, Experiment
from playground.training.checkpoints import SHIPPED


@dataclass(frozen=True)
class Recipe:
    """title: the label of its button. help: one sentence on what it shows. layout, layers: the layout of the Stage and
    the layers that are switched on, if they differ from the visitor's choice. trained: whether the model ships with the
    project, so that it is shown at once instead of being trained."""

    title: str
    help: str
    experiment: Experiment
    layout: str | None = None
    layers: tuple[str, ...] = ()
    trained: bool = False


def _diffusion(title: str, help: str, layout: str | None = None, **given: Any) -> Recipe:
    budget = {name: given.pop(name) for name in BUDGET if name in given}
    return Recipe(title, help, Experiment(family="diffusion", dataset="smiley", config=given, **budget), layout)


# Settings that make a GAN fail: no penalty, and networks of unequal strength. The plots show the current model, since
# averaged weights would hide a collapse that moves.
_BARE: dict[str, Any] = {"r1": 0, "averaging": 0, "width": 64, "depth": 3}


def _gan(steps: int, **config: Any) -> Experiment:
    return Experiment(family="gan", dataset="ring", steps=steps, config=config)


def _wide(family: str) -> Experiment:
    """For digits: a layer with only as many units as there are pixels can't represent their velocity field."""
    config = {"width": 256, "learning_rate": 5e-3, "batch_size": 256}
    return Experiment(family=family, dataset="digits", steps=2000, config=config)


def _vae(dataset: str, **config: Any) -> Experiment:
    return Experiment(family="vae", dataset=dataset, config=config)


# Twenty-five modes need more steps than eight, slightly wider networks, and half the learning rate.
GRID = Experiment(
    family="gan",
    dataset="grid",
    steps=30_000,
    config={"width": 64, "discriminator_learning_rate": 2e-3, "generator_learning_rate": 2e-3},
)

DIGITS = Experiment(
    family="gan",
    dataset="digits",
    steps=3000,
    config={
        "latents": 16,
        "width": 128,
        "depth": 3,
        "r1": 5,
        "discriminator_learning_rate": 1e-3,
        "generator_learning_rate": 1e-3,
    },
)


RECIPES: dict[str, dict[str, Recipe]] = {
    "flow": {
        "digits": Recipe(
            "Digits",
            "The same network, only wider, carries noise to images: 64 pixels are a place with 64 coordinates.",
            _wide("flow"),
        ),
    },
    "diffusion": {
        "few_steps": _diffusion(
            "Too few steps",
            "Three steps of DDIM: straight lines that cut the corners.",
            "overlay",
            sampler="ddim",
            sampler_steps=3,
        ),
        "never_noise": _diffusion(
            "A schedule that never reaches noise",
            "Signal is left where noise should end, but sampling begins from pure noise: the samples miss the data.",
            "forward",
            noise_end=0.3,
        ),
        "five_points": _diffusion(
            "Memorise five points",
            "All that a model can learn from five points is these five: the samples fall on them.",
            "memorisation",
            data_points=5,
        ),
        "over_guided": _diffusion(
            "Over-guided",
            "A class exaggerated eightfold: denser and narrower than the class is.",
            "guided",
            label="3",
            guidance=8.0,
        ),
        "five_samplers": _diffusion(
            "Same noise, five samplers", "Five ways from the same noise to data, in ten steps each.", "samplers"
        ),
        "digits": Recipe(
            "Digits",
            "The same network, only wider, takes noise away from images until digits are left.",
            _wide("diffusion"),
        ),
    },
    "gan": {
        "collapse": Recipe(
            "Watch it collapse",
            "The discriminator learns twenty times as fast, and all samples crowd on the one place it believes.",
            _gan(3000, **_BARE, latents=8, discriminator_learning_rate=1e-2, generator_learning_rate=5e-4),
        ),
        "cured": Recipe(
            "Cured",
            "The same data and seed, but equal rates and a penalty on the discriminator's slope: all stay.",
            _gan(5000),
        ),
        "grid": Recipe(
            "All twenty-five modes",
            "PacGAN's grid, on which GANs without remedies lose modes. It takes a minute or two.",
            GRID,
        ),
        "digits": Recipe(
            "Digits",
            "A wider game in more latents, slower: no fake is an average of digits, so that they are sharp.",
            DIGITS,
        ),
        "strong": Recipe(
            "Discriminator too strong",
            "Three steps to one, and a generator that hardly moves: whatever it tries is seen through at once.",
            _gan(
                3000,
                **_BARE,
                latents=8,
                discriminator_steps=3,
                discriminator_learning_rate=1e-2,
                generator_learning_rate=1e-5,
            ),
        ),
        "cycling": Recipe(
            "Cycling",
            "Both learn fast and carry momentum: the samples rush to a mode, are found out, and rush to the next.",
            _gan(
                3000,
                **_BARE,
                latents=2,
                momentum=0.95,
                discriminator_learning_rate=1e-2,
                generator_learning_rate=1e-2,
                schedule="constant",
            ),
        ),
    },
    "vae": {
        "collapse": Recipe(
            "Collapse it",
            "Information in the latent costs so much that the encoder falls silent.",
            _vae("smiley", beta=20, free_bits=0),
        ),
        "holes": Recipe(
            "Holes in the prior",
            "Cheap information lets the codes drift apart, and the prior keeps drawing from the gaps between them.",
            _vae("ring", beta=0.1, noise="fixed", decoder_std=0.2),
        ),
        "line": Recipe(
            "One latent for two dimensions",
            "A single number has to thread its way through the plane.",
            _vae("smiley", latents=1),
        ),
        "autoencoder": Recipe(
            "Autoencoder",
            "Without a price the reconstructions are perfect and the samples are not.",
            _vae("smiley", beta=0),
        ),
        "digits": Recipe(
            "Digits, trained",
            "Images of 64 pixels in two numbers: the latent plane is a map of all ten digits. Train trains it anew.",
            SHIPPED["vae_digits"],
            "codes",
            trained=True,
        ),
    },
}


def recipes(family: str) -> dict[str, Recipe]:
    """A family's recipes, by name."""
    return RECIPES.get(family, {})
