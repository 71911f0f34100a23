"""The recipes there are, by name."""

from __future__ import annotations

from api.recipes.iris import IRIS
from api.recipes.recipe import Recipe
from api.recipes.similar_jobs import SIMILAR_JOBS
from api.recipes.text_recipe import TextRecipe

RECIPES: dict[str, Recipe | TextRecipe] = {recipe.name: recipe for recipe in (IRIS, SIMILAR_JOBS)}
