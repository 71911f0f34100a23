"""What a query asks of the record: which rows, from where on, how many."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from api.errors import FieldProblem, InvalidInput
from api.predictions.lines import time_text
from api.schema.problems import echo
from api.storage.predictions import Place, Wanted

MOST_ROWS, USUAL_ROWS = 1000, 100
CSV, JSON = "csv", "json"
# A time's digits to the microsecond, an id, a row.
CURSOR = r"^([0-9]{20})\.([0-9a-f-]{36})\.([0-9]{1,9})$"


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which rows are wanted, after which place, and how many; `limit` None is as many as the form allows."""

    wanted: Wanted
    after: Place | None
    limit: int | None
    format: str | None


def record_query(pairs: Sequence[tuple[str, str]], id: str | None = None) -> RecordQuery:
    """What the parameters ask of the record, or of one request's; raises InvalidInput with every problem."""
    known = _OF_ONE if id is not None else _OF_ALL
    problems, values = [], dict.fromkeys(known)
    for name, text in pairs:
        if name not in known:
            problems.append(_problem(name, f"is no parameter here; there are {', '.join(known)}", None))
        elif values[name] is not None:
            problems.append(_problem(name, "came more than once", text))
        else:
            try:
                values[name] = known[name](text)
            except ValueError as error:
                problems.append(_problem(name, f"must be {error}", text))
    if problems:
        raise InvalidInput(problems)
    after, limit, form = (values.pop(name) for name in ("cursor", "limit", "format"))
    user = values.pop("user", None)
    return RecordQuery(Wanted(id=id, by=user, **values), after, limit, form)


def cursor(place: Place) -> str:
    """A place as a caller gets it and gives it back; CURSOR describes it."""
    return f"{''.join(filter(str.isdigit, place.at))}.{place.id}.{place.row}"


def _problem(name: str, wrong: str, received: str | None) -> FieldProblem:
    sentence = f"The parameter {echo(name)} {wrong}."
    shown = None if received is None else echo(received)
    return FieldProblem(echo(name), sentence, sentence, wrong.removeprefix("must be "), shown)


def _name(text: str) -> str:
    if not text or "\0" in text:
        raise ValueError("a name")
    return text


def _time(text: str) -> str:
    wanted = "a time in ISO 8601, such as 2026-01-31T12:00:00Z; without a zone it is UTC"
    try:
        # A plus sign in a query is a space.
        time = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return time_text(time if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise ValueError(wanted) from None


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= MOST_ROWS):
        raise ValueError(f"a whole number from 1 to {MOST_ROWS}")
    return int(text)


def _form(text: str) -> str:
    if text not in {CSV, JSON}:
        raise ValueError(f"{JSON} or {CSV}")
    return text


def _place(text: str) -> Place:
    found = re.fullmatch(CURSOR, text)
    if not found:
        raise ValueError("the cursor of a page, as it came")
    digits, id, row = found.groups()
    date = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    return Place(f"{date}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}.{digits[14:]}Z", id, int(row))


_OF_ONE: dict[str, Callable[[str], Any]] = {"cursor": _place, "limit": _limit, "format": _form}
_OF_ALL: dict[str, Callable[[str], Any]] = {
    "model": _name,
    "version": _name,
    "user": _name,
    "since": _time,
    "until": _time,
    **_OF_ONE,
}
