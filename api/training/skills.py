"""The skills of each class, found in its own texts: short phrases that other classes do not use.

A phrase is what stands between two function words or punctuation marks, as in RAKE (Rose, Engel, Cramer and
Cowley, "Automatic keyword extraction from individual documents", 2010), and could stand alone; it is ranked
by how much its words are the class's own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log

from api.recipes.text_recipe import LabelledText
from api.training.phrases import (
    Language,
    Phrase,
    is_abbreviation,
    is_gerund,
    is_named,
    language_of,
    phrases,
    pieces,
    stem,
)

COUNT = 20
# So many characters of all texts are read, and of each class's its share, from the first to the last.
_CHARACTERS = 4_000_000
# Of twenty skills so many may be names of tools and standards.
_MOST_NAMES = 6


def skills_of(lines: Sequence[LabelledText]) -> dict[str, list[str]]:
    """For each class up to `COUNT` phrases, the most its own first; the same for the same lines."""
    of_class: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        of_class[line.label].append(line.text)
    share = _CHARACTERS // len(of_class)
    texts_of = {label: _some(texts, share) for label, texts in sorted(of_class.items())}
    language = language_of(text for texts in texts_of.values() for text in texts)
    own = {label: _line_counts(texts) for label, texts in texts_of.items()}
    spread = Counter(one for counts in own.values() for one in counts)
    return {
        label: _chosen(
            label,
            texts,
            language,
            own[label],
            {
                one: (1 + log(lines)) * log(len(own) / spread[one])
                for one, lines in own[label].items()
                if spread[one] <= max(1, len(own) / 2)
            },
        )
        for label, texts in texts_of.items()
    }


def _some(texts: Sequence[str], characters: int) -> Sequence[str]:
    """The texts, or every so many-th of them where they have more `characters` together."""
    return texts[:: -(-sum(map(len, texts)) // characters)]


def _line_counts(texts: Sequence[str]) -> Counter[str]:
    """In how many lines each stem is."""
    return Counter(one for text in texts for one in {stem(word) for word in pieces(text)})


def _chosen(
    label: str,
    texts: Sequence[str],
    language: Language,
    lines: Mapping[str, int],
    weights: Mapping[str, float],
) -> list[str]:
    """The best phrases, of which no two share a stem as long as there are enough; none says the class's name.

    `weights` has the stems that few enough classes use; a phrase without one of them is nobody's.
    """
    found = Counter(phrase for text in texts for phrase in set(phrases(text, language)))
    stems = {phrase: frozenset(map(stem, phrase)) for phrase in found}
    named = {stem(word) for word in pieces(label)}
    own = [one for one in found if stems[one] & weights.keys() and not stems[one] <= named]
    ordered = sorted(own, key=lambda one: (-_value(one, found[one], lines, weights), one))
    chosen: list[Phrase] = []
    names = 0
    for apart in (True, False):
        for phrase in ordered:
            is_name = len(phrase) == 1 and is_named(phrase[0])
            if len(chosen) == COUNT or (is_name and names == _MOST_NAMES):
                continue
            if any(stems[phrase] & stems[one] if apart else _alike(phrase, one) for one in chosen):
                continue
            chosen.append(phrase)
            names += is_name
    return [" ".join(phrase) for phrase in chosen]


def _alike(phrase: Phrase, other: Phrase) -> bool:
    """Whether two phrases are about the same thing, or one is inside the other."""
    one, two = set(map(stem, phrase)), set(map(stem, other))
    return one <= two or two <= one or stem(phrase[-1]) == stem(other[-1])


def _value(phrase: Phrase, count: int, lines: Mapping[str, int], weights: Mapping[str, float]) -> float:
    """The mean weight of its words, more where it says more to a person or stands in several lines."""
    mean = sum(weights.get(stem(word), 0.0) for word in phrase) / len(phrase)
    known = min(lines[stem(word)] for word in phrase)
    return mean * _shape(phrase, known) * (1 + 0.3 * log(count)) * (1.0 if known > 1 else 0.7)


def _shape(phrase: Phrase, known: int) -> float:
    """How much a phrase of this form says: two words more than one, a tool's name more than a thing's."""
    # A name of a single line may be anybody's: a town, a customer.
    if any(is_named(word) and not is_abbreviation(word) for word in phrase) and known < 2:
        return 0.3
    if len(phrase) > 1:
        return 1.5 if is_gerund(phrase) or len(phrase) == 2 else 1.35
    if is_named(phrase[0]):
        return 0.9 if len(phrase[0]) > 2 else 0.3
    return 0.4 if known > 1 and not phrase[0].endswith("ing") else 0.2
