"""The recipes there are, by name."""

from __future__ import annotations

from collections.abc import Sequence

from api.recipes.fraud import FRAUD, SIMULATED_FRAUD
from api.recipes.iris import IRIS
from api.recipes.recipe import Recipe
from api.recipes.similar_jobs import SIMILAR_JOBS
from api.recipes.tabular_recipe import MadeUp, TabularRecipe
from api.recipes.text_recipe import TextRecipe

RECIPES: dict[str, Recipe | TextRecipe | MadeUp] = {
    IRIS.name: IRIS,
    SIMILAR_JOBS.name: SIMILAR_JOBS,
    FRAUD.name: SIMULATED_FRAUD,
}

# What is known beforehand of some kinds of CSV files.
TABULAR_RECIPES: dict[str, TabularRecipe] = {FRAUD.name: FRAUD}


def tabular_recipe(model: str | None, header: Sequence[str]) -> TabularRecipe | None:
    """What is known of a CSV with this header: the recipe named like the model, or one that knows it."""
    named = TABULAR_RECIPES.get(model or "")
    if named and named.matches(header):
        return named
    return next((one for one in TABULAR_RECIPES.values() if one.matches(header)), None)
