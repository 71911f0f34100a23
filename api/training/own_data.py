"""A recipe of texts on a person's own data in place of the data that it came with."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import fields, replace

from api.errors import UnreadableData
from api.recipes.job_rows import OwnData
from api.recipes.own_jobs import read_own_jobs
from api.recipes.text_recipe import LabelledText, TextRecipe
from api.schema.target import Target, TargetClass
from api.training.choose import Progress
from api.training.words import slug, unique


def own_data(arguments: argparse.Namespace) -> OwnData:
    """What `arguments` of the train command give; raises UnreadableData where that is for tables."""
    others = [f"--{name}" for name in ("target", "task", "metric", "title") if getattr(arguments, name)]
    if others:
        raise UnreadableData("train", f"{others[0]} is for tables; texts take --title-column NAME.")
    if arguments.data is None:
        raise UnreadableData("train", "name the file that this is about with --data FILE.")
    given = {field.name: getattr(arguments, field.name) for field in fields(OwnData) if field.name != "path"}
    return OwnData(arguments.data, **given)


def on_own_data(recipe: TextRecipe, data: OwnData, progress: Progress) -> TextRecipe:
    """The recipe with the lines of `data`, and with what was found in them as its notes.

    Raises UnreadableData where there is nothing to learn from, OSError where there is no such file.
    """
    progress(f"reading {data.path}")
    jobs = read_own_jobs(data)
    for sentence in jobs.said:
        progress(sentence)
    return replace(
        recipe,
        load=lambda: jobs.lines,
        apart=None,
        target=_target,
        source=f"the recipe {recipe.name} on {data.path.name}",
        notes=jobs.said,
    )


def _target(lines: Sequence[LabelledText]) -> Target:
    titles = sorted({one.label for one in lines})
    keys = unique(slug(title) for title in titles)
    return Target("title", "Job title", tuple(map(TargetClass, keys, titles)))
