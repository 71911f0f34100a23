"""What the command line trains and takes in."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields

from api.bootstrap.database import COMMAND_LINE, version_events
from api.config import Settings
from api.errors import UnknownModel, UnreadableData
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.serving import ServingModels
from api.storage.version_events import ENABLED, KEPT, PUBLISHED
from api.training.outcome import Outcome


def missing_models(settings: Settings) -> list[str]:
    """The recipes of TRAIN_MISSING of which MODELS_DIR has no model."""
    there = ModelsDirectory(settings.models_dir).names()
    return [name for name in settings.train_missing if name not in there]


def train_recipe(settings: Settings, name: str, progress: Callable[[str], None]) -> Card:
    """Train the recipe `name` into the models directory; raises UnknownModel where there is none."""
    # Here and not above, because they import scikit-learn, which a serving process never does.
    from api.recipes.catalogue import RECIPES
    from api.recipes.tabular_recipe import MadeUp
    from api.recipes.text_recipe import TextRecipe
    from api.training.made_up import train_made_up
    from api.training.run import train
    from api.training.text_run import train_texts

    if name not in RECIPES:
        raise UnknownModel(name, sorted(RECIPES))
    recipe, directory = RECIPES[name], ModelsDirectory(settings.models_dir)
    if isinstance(recipe, TextRecipe):
        card = train_texts(recipe, directory, progress)
    elif isinstance(recipe, MadeUp):
        card = train_made_up(recipe, directory, progress, settings.data_dir / "tmp", settings.trusted_types)
    else:
        card = train(recipe, directory, progress)
    version_events(settings).note(card.name, card.version, PUBLISHED, by=COMMAND_LINE)
    return card


def is_of_texts(name: str) -> bool:
    """Whether a recipe of that name makes a model of texts, which may learn from a person's own data."""
    from api.recipes.catalogue import RECIPES
    from api.recipes.text_recipe import TextRecipe

    return isinstance(RECIPES.get(name), TextRecipe)


def train_own_texts(
    settings: Settings, arguments: argparse.Namespace, progress: Callable[[str], None]
) -> Card:
    """Train a recipe of texts on the data that `arguments` of the train command name.

    Raises UnreadableData where it cannot be learnt from.
    """
    from api.recipes.catalogue import RECIPES
    from api.recipes.text_recipe import TextRecipe
    from api.training.own_data import on_own_data, own_data
    from api.training.text_run import train_texts

    recipe = RECIPES.get(arguments.name)
    if not isinstance(recipe, TextRecipe):
        raise UnreadableData(arguments.name, "it is no recipe of texts, which have titles and descriptions.")
    own = on_own_data(recipe, own_data(arguments), progress)
    card = train_texts(own, ModelsDirectory(settings.models_dir), progress)
    version_events(settings).note(card.name, card.version, PUBLISHED, by=COMMAND_LINE)
    return card


def train_file(settings: Settings, arguments: argparse.Namespace, progress: Callable[[str], None]) -> Outcome:
    """Train a model from the CSV file that `arguments` of the train command name, as a training job would.

    It answers from now on if it is better than what does. Raises TrainingFailed or InvalidInput.
    """
    from api.training.child import AnnouncingDirectory
    from api.training.outcome import House
    from api.training.request import training_request
    from api.training.tabular_run import train_csv
    from api.training.watch import Speaking

    events = version_events(settings)
    here = ModelsDirectory(settings.models_dir)
    models = ServingModels(here, events.enabled, settings.trusted_types, events.kept)
    models.refresh()

    def answers(name: str) -> str | None:
        return models.get(name).card.version if name in models.names() else None

    def keep(name: str, version: str) -> None:
        # It must not answer before it is known to be better.
        events.note(name, version, KEPT, by=COMMAND_LINE)

    given = {name: getattr(arguments, name) for name in ("target", "task", "metric", "title")}
    request = training_request({"upload": arguments.data.name, "model": arguments.name, **given})
    directory = AnnouncingDirectory(settings.models_dir, keep)
    house = House(directory, answers, settings.training_seconds, settings.trusted_types, settings.data_dir)
    outcome = train_csv(request, arguments.data, house, Speaking(progress), job="")
    events.note(outcome.card.name, outcome.card.version, PUBLISHED, by=COMMAND_LINE)
    if outcome.better:
        events.note(outcome.card.name, outcome.card.version, ENABLED, by=COMMAND_LINE)
    return outcome


def import_file(settings: Settings, arguments: argparse.Namespace, progress: Callable[[str], None]) -> Card:
    """Publish the fitted model that `arguments` of the import command name; raises UnreadableModel."""
    from api.training.import_model import Brought, import_model

    given = {field.name: getattr(arguments, field.name) for field in fields(Brought)}
    directory = ModelsDirectory(settings.models_dir)
    card = import_model(Brought(**given), directory, progress, settings.trusted_types)
    version_events(settings).note(card.name, card.version, PUBLISHED, by=COMMAND_LINE)
    return card
