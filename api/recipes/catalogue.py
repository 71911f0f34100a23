"""The recipes there are, by name."""

from __future__ import annotations

from api.recipes.iris import IRIS
from api.recipes.recipe import Recipe

RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (IRIS,)}
