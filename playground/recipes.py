"""Recipes: experiments worth seeing, by family, each one click away on the page."""

from dataclasses import dataclass

from playground.experiment import Experiment


@dataclass(frozen=True)
class Recipe:
    """title: what its button says. help: one sentence on what will be seen."""

    title: str
    help: str
    experiment: Experiment


RECIPES: dict[str, dict[str, Recipe]] = {}


def recipes(family: str) -> dict[str, Recipe]:
    """A family's recipes, by name."""
    return RECIPES.get(family, {})
