"""States of the page that are worth seeing."""

from playground.lessons.recipes import RECIPES, Recipe, recipes

__all__ = ["RECIPES", "Recipe", "recipes"]
