"""The families side by side: what each can do, from what it claims, and what is good and bad about it."""

from functools import cache
from typing import Any, NamedTuple

import torch

from playground.families import FAMILIES, Family, players
from playground.families.capabilities import ContinuousDensity, Density, LatentVariable, Trajectory, can
from playground.lessons.diagram import diagram
from playground.lessons.recipes import recipes
from playground.training import checkpoints

POINTS = 500
"""Samples in a family's small picture."""

LEVELS = 255


class Trait(NamedTuple):
    """What is good or bad about a family, and the recipe that shows it."""

    good: bool
    says: str
    recipe: str


TRAITS: dict[str, tuple[Trait, ...]] = {
    "flow": (
        Trait(True, "Simple, stable training, without simulation", "exact_field"),
        Trait(True, "Few steps suffice", "reflow"),
        Trait(False, "Exact likelihoods are expensive", "density"),
        Trait(False, "The choice of the path matters", "exploding"),
    ),
    "gan": (
        Trait(True, "Sharp samples in one evaluation", "digits"),
        Trait(False, "Training is unstable", "cycling"),
        Trait(False, "Variety can be lost", "collapse"),
    ),
    "vae": (
        Trait(True, "Smooth interpolation between data", "interpolation"),
        Trait(False, "Samples are less sharp", "digits"),
        Trait(False, "The prior has holes", "holes"),
    ),
    "diffusion": (
        Trait(True, "Diverse samples, stable training", "five_samplers"),
        Trait(False, "Sampling takes many steps", "few_steps"),
    ),
    "normalizing_flow": (
        Trait(True, "Exact likelihood in one evaluation", "layers"),
        Trait(False, "An invertible map can't tear the plane", "bridges"),
    ),
}


def likelihood(model: type[Family]) -> str:
    """What kind of likelihood a family has, in words."""
    if can(model, Density):
        return "exact"
    if can(model, ContinuousDensity):
        return "exact, by an ODE"
    return "a bound" if can(model, LatentVariable) else "none"


def latent_code(model: type[Family]) -> str:
    """What code of a datum a family has, in words."""
    if can(model, LatentVariable):
        return "of few numbers"
    return "as large as the data" if can(model, Trajectory) else "no way back to it"


def facts(family: str) -> dict[str, str]:
    """What a family trains, what a sample costs, and what it can, in words."""
    model = FAMILIES[family]
    count = model.evaluations(model.Config())
    return {
        "Trained by": "one loss" if len(players(family)) == 1 else f"a game of {len(players(family))}",
        "A sample costs": f"{count} evaluation{'s' if count > 1 else ''}",
        "Likelihood": likelihood(model),
        "Latent code": latent_code(model),
    }


def overview() -> dict[str, Any]:
    """Each family's title, diagram, facts and traits. A trait without its recipe is left out."""
    return {
        family: {
            "title": model.title,
            "diagram": diagram(model),
            "facts": facts(family),
            "traits": [trait._asdict() for trait in TRAITS.get(family, ()) if trait.recipe in recipes(family)],
        }
        for family, model in FAMILIES.items()
    }


@cache
def pictures() -> dict[str, list[int]]:
    """Samples of each family's shipped model, as x and y in turn, 0 … LEVELS over the canvas, y upwards. A family that
    ships none is missing."""
    found = {}
    for family in FAMILIES:
        if name := checkpoints.shipped(family):
            run = checkpoints.load(name, "cpu")
            with torch.no_grad():
                samples = run.averaged.sample(POINTS, torch.Generator().manual_seed(0)).numpy()
            found[family] = ((samples + 4) / 8 * LEVELS).clip(0, LEVELS).round().astype(int).ravel().tolist()
    return found
