"""Lines to learn from in a person's own data: cleaned, without repetitions, and only titles with enough."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from api.errors import UnreadableData
from api.recipes.job_rows import JobRow, OwnData, open_source
from api.recipes.plain_text import cut, has_tags, plain
from api.recipes.text_recipe import LabelledText

# A title needs as many different descriptions to be learnt, and to have some held out.
FEWEST = 10
MOST_TITLES = 3000
_LONGEST_TITLE = 200
_MOST_NAMED = 100
_MOST_MERGED = 10
_MOST_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class OwnJobs:
    """What was read: the lines, and sentences on what was found and what was left out."""

    lines: list[LabelledText]
    said: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """What the rows come to, as they are read; a title's `key` is what its spellings have in common."""

    spellings: dict[str, Counter[str]] = field(default_factory=dict)
    texts: list[tuple[str, str]] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def add(self, row: JobRow) -> None:
        title, text = " ".join(plain(row.title).split()), plain(row.text)
        self.counts["rows"] += 1
        if not title or not text:
            self.counts["empty"] += 1
            return
        if len(title) > _LONGEST_TITLE:
            self.problems.append(f"{row.where}: its title has {len(title)} characters")
            return
        self.counts["tags"] += has_tags(row.text)
        shorter = cut(text)
        self.counts["cut"] += len(shorter) < len(text)
        key = title.casefold()
        same = hashlib.blake2b(f"{key}\n{' '.join(shorter.casefold().split())}".encode(), digest_size=16)
        if same.digest() in self.seen:
            self.counts["repeated"] += 1
            return
        self.seen.add(same.digest())
        self.spellings.setdefault(key, Counter())[title] += 1
        self.texts.append((key, shorter))


def read_own_jobs(data: OwnData) -> OwnJobs:
    """Read all of it; raises UnreadableData with a sentence where it cannot be learnt from, or OSError."""
    source = open_source(data)
    found = _Found()
    for row in source.rows():
        found.add(row)
    name = data.path.name
    if found.problems:
        listed, more = found.problems[:_MOST_PROBLEMS], len(found.problems) - _MOST_PROBLEMS
        beyond = f" and {more} more rows" if more > 0 else ""
        raise UnreadableData(
            name, f"a title has at most {_LONGEST_TITLE} characters. {'; '.join(listed)}{beyond}."
        )
    lines_of = Counter(key for key, _ in found.texts)
    # The first of the most frequent spellings, as a Counter keeps their order.
    title_of = {key: found.spellings[key].most_common(1)[0][0] for key in lines_of}
    kept = {key for key, count in lines_of.items() if count >= FEWEST}
    _check(name, len(kept), len(lines_of))
    return OwnJobs(
        [LabelledText(text, title_of[key]) for key, text in found.texts if key in kept],
        (
            source.said,
            *_about_rows(found.counts),
            *_about_merged(found.spellings.values()),
            *_about_small([(title_of[key], lines_of[key]) for key in lines_of if key not in kept]),
        ),
    )


def _check(name: str, kept: int, there: int) -> None:
    if kept < 2:
        raise UnreadableData(
            name,
            f"{kept or 'none'} of its {there} titles {'has' if kept == 1 else 'have'} {FEWEST} different "
            "descriptions or more, and a model needs two such titles to tell them apart.",
        )
    if kept > MOST_TITLES:
        raise UnreadableData(
            name,
            f"{kept} titles have {FEWEST} different descriptions or more, and a model holds at most "
            f"{MOST_TITLES}: join some that mean the same, or leave some out.",
        )


def _about_rows(counts: Counter[str]) -> Iterator[str]:
    yield f"{_rows(counts['rows'])} read."
    for what, sentence in (
        ("empty", "left out: the title or the description is empty or unknown."),
        ("repeated", "left out: they repeat another one of the same title word for word."),
        ("tags", "freed from HTML tags."),
        ("cut", "cut to their first 2,000 characters."),
    ):
        if counts[what]:
            yield f"{_rows(counts[what])} {sentence}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _about_merged(spellings: Iterable[Counter[str]]) -> Iterator[str]:
    several = [one for one in spellings if len(one) > 1]
    if several:
        named = "; ".join(
            " and ".join(spelling for spelling, _ in one.most_common()) for one in several[:_MOST_MERGED]
        )
        more = f"; and {len(several) - _MOST_MERGED} more" if len(several) > _MOST_MERGED else ""
        yield f"Taken for one title, named by its commonest spelling: {named}{more}."


def _about_small(small: Sequence[tuple[str, int]]) -> Iterator[str]:
    if small:
        ordered = sorted(small, key=lambda one: (-one[1], one[0]))
        named = ", ".join(f"{title} ({count})" for title, count in ordered[:_MOST_NAMED])
        more = f" and {len(small) - _MOST_NAMED:,} more" if len(small) > _MOST_NAMED else ""
        yield (
            f"{len(small):,} title{'' if len(small) == 1 else 's'} left out for having fewer than {FEWEST} "
            f"different descriptions: {named}{more}."
        )
