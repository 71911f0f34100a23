"""Which columns of a table hold job titles and descriptions: by the names people give them, or as told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# The likelier comes first; case, blanks, underscores and the like are ignored.
_TITLES = (
    *(
        "job title",
        "title",
        "occupation title",
        "occupation",
        "position title",
        "position",
        "job",
        "job name",
    ),
    *("role", "job role", "role title", "profession", "label", "class", "category"),
)
_DESCRIPTIONS = (
    *("job description", "description", "job duties", "duties", "job responsibilities", "responsibilities"),
    *("duties and responsibilities", "job tasks", "tasks", "task", "task statement", "text", "job text"),
    *("job summary", "summary", "experience", "work experience", "details", "content"),
)
_ONET_CODES = ("onet soc code",)
_MOST_LISTED = 30


@dataclass(frozen=True, slots=True)
class _Wanted:
    what: str
    known_as: tuple[str, ...]
    option: str


_TITLE = _Wanted("job titles", _TITLES, "--title-column")
_DESCRIPTION = _Wanted("descriptions", _DESCRIPTIONS, "--description-column")


@dataclass(frozen=True, slots=True)
class JobColumns:
    """Where the columns stand in a header; a problem is a sentence on why one was not found.

    `code` is the place of O*NET's codes of occupations, by which titles may be looked up.
    """

    title: int | None
    description: int | None
    code: int | None
    problems: tuple[str, ...]

    @property
    def found(self) -> int:
        """How many of the columns there are."""
        return sum(one is not None for one in (self.title, self.description, self.code))


def job_columns(header: Sequence[str], title: str | None, description: str | None) -> JobColumns:
    """Find the columns in a header, under the names that are given or under the usual ones."""
    problems: list[str] = []
    code = _first_known(header, _ONET_CODES)
    at_title = _place(header, title, _TITLE, problems)
    at_description = _place(header, description, _DESCRIPTION, problems)
    if at_title is not None and at_title == at_description:
        problems.append(f"The column {header[at_title]!r} cannot hold both titles and descriptions.")
    if problems:
        names = ", ".join(repr(name[:40]) for name in header[:_MOST_LISTED])
        more = f" and {len(header) - _MOST_LISTED} more" if len(header) > _MOST_LISTED else ""
        problems.append(f"The columns there are: {names}{more}.")
    return JobColumns(at_title, at_description, code, tuple(problems))


def _place(header: Sequence[str], given: str | None, wanted: _Wanted, problems: list[str]) -> int | None:
    if given is None:
        found = _first_known(header, wanted.known_as)
        if found is None:
            problems.append(
                f"No column is known to hold {wanted.what}: name it with {wanted.option}, or call it "
                f"{wanted.known_as[0]!r}."
            )
        return found
    exact = [at for at, name in enumerate(header) if name.strip() == given.strip()]
    alike = exact or [at for at, name in enumerate(header) if _plain(name) == _plain(given)]
    if len(alike) == 1:
        return alike[0]
    there = f"{len(alike)} columns are" if alike else "no column is"
    problems.append(f"{wanted.option} {given!r}: {there} named so.")
    return None


def _first_known(header: Sequence[str], known_as: Sequence[str]) -> int | None:
    names = [_plain(name) for name in header]
    return next((names.index(_plain(one)) for one in known_as if _plain(one) in names), None)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()
