"""A recipe of a model that tells texts apart: its words, its lines, and the classifiers that may make it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.recipes.recipe import Estimator
from api.schema.schema import Schema
from api.schema.target import Target


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text, and the class that it belongs to."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the classifiers to choose from: its name for people, and a Pipeline `features`, `classifier`.

    `features` is a FeatureUnion of TfidfVectorizers, `classifier` one of scikit-learn's linear classifiers
    or its multinomial or complement naive Bayes.
    """

    name: str
    estimator: Callable[[], Estimator]


@dataclass(frozen=True, slots=True)
class TextRecipe:
    """How one model of texts is made; the schema is one text field.

    `anchors` are texts, such as the names of the classes themselves, that are learnt from and that nothing
    is measured on. `apart` are texts in other people's words, to measure with and not to learn from; None
    where there are none, and then some of the lines are held out. The first of equally good `candidates` is
    taken. `source` says where the lines are from, the recipe itself where it is empty; `notes` what is to be
    known of them, a sentence each.
    """

    name: str
    title: str
    description: str
    schema: Schema
    target: Callable[[Sequence[LabelledText]], Target]
    load: Callable[[], list[LabelledText]]
    anchors: Callable[[Target], list[LabelledText]]
    candidates: tuple[Candidate, ...]
    apart: Callable[[], list[LabelledText]] | None = None
    source: str = ""
    notes: tuple[str, ...] = ()
