"""What somebody has done: from a JSON body to experiences, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.errors import FieldProblem, InvalidInput
from api.schema.problems import echo

EXPERIENCE = "experience"
MOST_EXPERIENCES = 50
# Of all descriptions and titles together.
MOST_CHARACTERS = 100_000
MOST_YEARS = 80

_MEMBERS = ("description", "title", "years")


@dataclass(frozen=True, slots=True, order=True)
class Experience:
    """One job: what was done there, under which title ("" where none was given), and for how many years."""

    description: str
    title: str = ""
    years: float = 1.0

    @property
    def text(self) -> str:
        """The title and the description as one text."""
        return f"{self.title}\n{self.description}" if self.title else self.description

    def place(self, at: int) -> tuple[str, int]:
        """Where the character `at` of the text was given: in which member, and where there."""
        before = len(self.title) + 1 if self.title else 0
        return ("description", at - before) if at >= before else ("title", at)


def experiences_of(body: Any) -> list[Experience]:
    """The experiences in `{"experience": [{"description": …, "title": …, "years": …}, …]}`.

    Raises InvalidInput with every problem at once.
    """
    if not isinstance(body, dict) or set(body) != {EXPERIENCE}:
        raise _of_body(f'The body must be the object {{"{EXPERIENCE}": …}} and have no other member.')
    given = body[EXPERIENCE]
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_EXPERIENCES:
        raise _of_body(f'"{EXPERIENCE}" must be a list of 1 to {MOST_EXPERIENCES} objects.')
    problems = [problem for row, one in enumerate(given) for problem in _problems(row, one)]
    if problems:
        raise InvalidInput(problems)
    characters = sum(len(one["description"]) + len(one.get("title") or "") for one in given)
    if characters > MOST_CHARACTERS:
        raise _of_body(
            f"The descriptions have {characters} characters together; at most {MOST_CHARACTERS} are read."
        )
    return [_experience(one) for one in given]


def _experience(one: dict[str, Any]) -> Experience:
    years = one.get("years")
    return Experience(one["description"], one.get("title") or "", 1.0 if years is None else float(years))


def _problems(row: int, one: Any) -> list[FieldProblem]:
    if not isinstance(one, dict):
        return [_problem(row, "", "Each experience must be an object.", 'an object {"description": …}', one)]
    problems = [
        _problem(row, name, f"{echo(name)!r} is no member of an experience.", "one of " + ", ".join(_MEMBERS))
        for name in one
        if name not in _MEMBERS
    ]
    wrong = _misfit_of_text(one.get("description"))
    if "description" not in one or wrong:
        sentence = f"The description {wrong or 'is missing'}."
        problems.append(_problem(row, "description", sentence, "text with words", one.get("description")))
    if one.get("title") is not None and (wrong := _misfit_of_text(one["title"])):
        problems.append(_problem(row, "title", f"The title {wrong}.", "text with words", one["title"]))
    years = one.get("years")
    if years is not None and not _are_years(years):
        sentence = f"The years must be a number above 0 and at most {MOST_YEARS}."
        problems.append(_problem(row, "years", sentence, "a number of years", years))
    return problems


def _misfit_of_text(given: Any) -> str | None:
    if not isinstance(given, str):
        return "must be a string"
    if not given.strip():
        return "must not be empty or blank"
    if "\x00" in given:
        return "must not hold NUL characters"
    if any("\ud800" <= one <= "\udfff" for one in given):
        return "must be Unicode text, and half of a surrogate pair is none"
    return None


def _are_years(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 < given <= MOST_YEARS


def _problem(row: int, name: str, sentence: str, expected: str, given: Any = None) -> FieldProblem:
    # A huge whole number has no decimal form that Python would write.
    shown = None if given is None else echo(given) if isinstance(given, str) else type(given).__name__
    return FieldProblem(name[:100], sentence, sentence, expected, shown, row, within=EXPERIENCE)


def _of_body(sentence: str) -> InvalidInput:
    expected = f'{{"{EXPERIENCE}": [{{"description": "…"}}, …]}}'
    return InvalidInput([FieldProblem(EXPERIENCE, sentence, sentence, expected)])
