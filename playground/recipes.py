"""Recipes: experiments worth seeing, by family, each one click away on the page."""

from dataclasses import dataclass

from playground.experiment import Experiment


@dataclass(frozen=True)
class Recipe:
    """title: what its button says. help: one sentence on what will be seen."""

    title: str
    help: str
    experiment: Experiment


def vae(dataset: str, **config: object) -> Experiment:
    return Experiment(family="vae", dataset=dataset, config=config)


RECIPES: dict[str, dict[str, Recipe]] = {
    "vae": {
        "collapse": Recipe(
            "Collapse it",
            "Information in the latent costs so much that the encoder falls silent.",
            vae("smiley", beta=20, free_bits=0),
        ),
        "holes": Recipe(
            "Holes in the prior",
            "Cheap information lets the codes drift apart, and the prior keeps drawing from the gaps between them.",
            vae("ring", beta=0.1, noise="fixed", decoder_std=0.2),
        ),
        "line": Recipe(
            "One latent for two dimensions",
            "A single number has to thread its way through the plane.",
            vae("smiley", latents=1),
        ),
        "autoencoder": Recipe(
            "Autoencoder",
            "Without a price the reconstructions are perfect and the samples are not.",
            vae("smiley", beta=0),
        ),
    },
}


def recipes(family: str) -> dict[str, Recipe]:
    """A family's recipes, by name."""
    return RECIPES.get(family, {})
