"""A models directory with the similar-jobs model, made without comparing classifiers, which takes longer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from api.recipes.similar_jobs import SIMILAR_JOBS
from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.training.text_run import train_texts


def train_jobs(path: Path) -> Card:
    """Train the model as `python -m api train similar_jobs` does, from the classifier that it chooses."""
    recipe = replace(SIMILAR_JOBS, candidates=SIMILAR_JOBS.candidates[:1])
    return train_texts(recipe, ModelsDirectory(path), progress=lambda step: None)
