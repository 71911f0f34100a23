"""A model of every kind of field, invented for these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.predictions.predict import Predictor
from api.registry.directory import ModelsDirectory
from api.runtime.serving import ServingModels
from api.schema.fields import Choice, Field, Kind
from api.schema.schema import Schema


@pytest.fixture
def schema() -> Schema:
    """A field of every kind, one of them optional."""
    return Schema(
        (
            Field("length", "Length", Kind.NUMBER),
            Field("legs", "Legs", Kind.INTEGER),
            Field("colour", "Colour", Kind.CHOICE, choices=(Choice("red", "Red"), Choice("blue", "Blue"))),
            Field("note", "Note", Kind.TEXT, missing_allowed=True),
            Field("tame", "Tame", Kind.BOOLEAN),
        )
    )


@pytest.fixture
def predictor(models_dir: Path) -> Predictor:
    """A predictor with the iris model."""
    models = ServingModels(ModelsDirectory(models_dir), chosen=dict)
    models.refresh()
    return Predictor(models)
