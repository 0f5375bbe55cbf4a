"""Recipes are experiments that a link holds."""

from urllib.parse import parse_qsl

import pytest

from playground import Experiment
from playground.lessons.recipes import RECIPES


@pytest.mark.parametrize("name", RECIPES["vae"])
def test_recipes_are_experiments(name):
    recipe = RECIPES["vae"][name]
    assert recipe.help.endswith(".")
    assert Experiment.from_query(dict(parse_qsl(recipe.experiment.to_query()))) == recipe.experiment
