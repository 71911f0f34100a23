"""The skills of each class, found in its own texts: short phrases that other classes do not use.

A phrase is what stands between two function words or punctuation marks, as in RAKE (Rose, Engel, Cramer and
Cowley, "Automatic keyword extraction from individual documents", 2010); it is ranked by how much its words
are the class's own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import log

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from api.recipes.text_recipe import LabelledText

COUNT = 20
_LONGEST = 3

# Words in which people write about work whatever it is: they separate phrases and are in none.
_OF_ANY_JOB = frozenset(
    word
    for line in (
        "able across ago annual annually around average basic behind best better big clear",
        "comfortable common complex current daily day days different difficult early entire every",
        "everyday everyone excellent experience experienced extra fast fewer final full good great",
        "half help high hour hours including individual key large late long low main million month",
        "monthly months morning near new night old open outside own people percent person place",
        "previous proper quarter quick regular responsible right short single skilled small strong",
        "things thousand time times total trained used usual usually various week weekly weeks whole",
        "work worked working works year years",
    )
    for word in line.split()
)
_SEPARATING = ENGLISH_STOP_WORDS | _OF_ANY_JOB
_PIECE = re.compile(r"[^\W_][\w'’/+#&-]*|[^\w\s]")  # noqa: RUF001 (a typographic apostrophe)
_NUMBER = re.compile(r"\d")


def skills_of(lines: Sequence[LabelledText]) -> dict[str, list[str]]:
    """For each class `COUNT` phrases, the most its own first; the same for the same lines."""
    of_class: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        of_class[line.label].append(line.text)
    common = {word for line in lines for word in _PIECE.findall(line.text)[1:] if word.islower()}
    own = {label: _line_counts(texts) for label, texts in of_class.items()}
    spread = Counter(word for counts in own.values() for word in counts)
    return {
        label: _chosen(
            texts, common, {one: _weight(own[label][one], spread[one], len(own)) for one in own[label]}
        )
        for label, texts in sorted(of_class.items())
    }


def _line_counts(texts: Sequence[str]) -> Counter[str]:
    """In how many lines each stem is."""
    return Counter(stem for text in texts for stem in {_stem(one) for one in _PIECE.findall(text)})


def _weight(lines: int, classes: int, all_classes: int) -> float:
    return (1 + log(lines)) * log(all_classes / classes)


def _chosen(texts: Sequence[str], common: Collection[str], weights: Mapping[str, float]) -> list[str]:
    """The best phrases, of which no two share a stem as long as there are enough others."""
    found = {" ".join(phrase): phrase for text in texts for phrase in _phrases(text, common)}
    ordered = sorted(found.values(), key=lambda phrase: (-_value(phrase, weights), phrase))
    chosen: list[tuple[str, ...]] = []
    stems: set[str] = set()
    for phrase in ordered:
        its = {_stem(word) for word in phrase}
        if len(chosen) < COUNT and not its & stems:
            chosen.append(phrase)
            stems |= its
    return [" ".join(phrase) for phrase in chosen]


def _value(phrase: tuple[str, ...], weights: Mapping[str, float]) -> float:
    """The mean weight of its words; two or three say more to a person than one."""
    mean = sum(weights[_stem(word)] for word in phrase) / len(phrase)
    return mean * (1.0 if len(phrase) == 1 else 1.25)


def _phrases(text: str, common: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Runs of one to three words between separators; the verb that a line begins with is no part of one."""
    run: list[str] = []
    for at, piece in enumerate([*_PIECE.findall(text), "."]):
        # A line begins with a capital; inside a line only names and abbreviations have one.
        word = piece.lower() if at == 0 and piece.lower() in common else piece
        if _separates(word) or (at == 0 and re.search(r"(ed|ing|s)$", word)):
            phrase = _without_participles(run)
            if 1 <= len(phrase) <= _LONGEST:
                yield phrase
            run = []
        else:
            run.append(word)


def _without_participles(run: Sequence[str]) -> tuple[str, ...]:
    """What is left of a phrase without the participles that it begins or ends with: "boards configured"."""
    kept = list(run)
    while kept and kept[0].endswith("ed"):
        kept.pop(0)
    while kept and kept[-1].endswith("ed"):
        kept.pop()
    return tuple(kept)


def _separates(word: str) -> bool:
    return len(word) < 2 or word.lower() in _SEPARATING or _NUMBER.search(word) is not None


def _stem(word: str) -> str:
    """Roughly what a word shares with its other forms."""
    return re.sub(r"(ing|ed|es|s|e|y|ies)$", "", word.lower())[:7]
