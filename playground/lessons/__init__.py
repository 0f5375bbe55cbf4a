"""Recipes: states of the page that show something instructive."""

from playground.lessons.recipes import RECIPES, Recipe, recipes

__all__ = ["RECIPES", "Recipe", "recipes"]
