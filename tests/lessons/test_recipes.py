"""Recipes are experiments that a link holds, and that can be begun."""

from urllib.parse import parse_qsl

import pytest

from playground import Experiment, Run
from playground.lessons.recipes import RECIPES, recipes
from playground.views import LAYOUTS


@pytest.mark.parametrize("name", RECIPES["vae"])
def test_recipes_are_experiments(name):
    recipe = RECIPES["vae"][name]
    assert recipe.help.endswith(".")
    assert Experiment.from_query(dict(parse_qsl(recipe.experiment.to_query()))) == recipe.experiment


def test_recipes_can_be_begun():
    for recipe in recipes("diffusion").values():
        assert recipe.help.endswith(".")
        assert recipe.layout is None or recipe.layout in LAYOUTS
        Run(recipe.experiment)
