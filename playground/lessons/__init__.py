"""What teaches: recipes, which are states of the page that show something instructive, and equations."""

from playground.lessons.recipes import RECIPES, Recipe, recipes

__all__ = ["RECIPES", "Recipe", "recipes"]
