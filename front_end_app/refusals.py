"""Answers of the API that are not what was asked for, as the errors they mean. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from .errors import (
    ApiError,
    BadCell,
    BrokenAnswer,
    Busy,
    CellsRefused,
    Complaint,
    Conflict,
    Forbidden,
    InputRefused,
    NotAllowed,
    NotThere,
    Refusing,
    SignInNeeded,
    Spoken,
    TookTooLong,
    UnknownModel,
    UnknownTitle,
)
from .members import Json, optional_text, optional_texts, whole

MEANS: dict[int, type[ApiError]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: UnknownModel,
    504: TookTooLong,
    507: Refusing,
}


SPOKEN: dict[int, type[Spoken]] = {403: Forbidden, 404: NotThere, 409: Conflict}


def persons_refusal(status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    """The same for what somebody asked who is signed in: why it was not done is in the API's words."""
    if status == 401:
        return SignInNeeded("the API does not accept the token")
    if status in SPOKEN:
        return SPOKEN[status](_sentence(body))
    if status in (413, 507) and (sentence := _sentence(body)):
        return InputRefused((Complaint(None, sentence),))
    return refusal(status, headers, body)


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> ApiError:
    """An answer that is not 200, as the error it means; a 400 that makes no sense raises BrokenAnswer."""
    if status in (400, 422):
        return _wrong_input(_problem(body))
    if status in (413, 414, 431):
        return InputRefused((Complaint(None, "This is more than the model can take at once."),))
    if status in (429, 503):
        return Busy(f"the API answered {status}", _seconds(headers.get("Retry-After")))
    if status == 404 and (nearest := _nearest(body)):
        return UnknownTitle(nearest)
    return MEANS.get(status, BrokenAnswer)(f"the API answered {status}")


def _nearest(body: bytes) -> tuple[str, ...]:
    """The titles that a 404 names in place of the one that was asked for; none where it is another 404."""
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    return optional_texts(problem, "nearest") if isinstance(problem, dict) else ()


def _sentence(body: bytes) -> str:
    """What a problem says of itself, "" if it says nothing."""
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(problem, dict):
        return ""
    return optional_text(problem, "detail") or optional_text(problem, "message")


def _problem(body: bytes) -> Json:
    try:
        problem = json.loads(body)
    except (ValueError, RecursionError):
        raise BrokenAnswer("an answer of the API was not JSON") from None
    if not isinstance(problem, dict):
        raise BrokenAnswer("a 400 of the API was not an object")
    return problem


def _wrong_input(problem: Json) -> ApiError:
    """The cells that a 400 lists, or what it complains of: each of its errors, else its message."""
    listed = [item for item in problem.get("errors") or () if isinstance(item, dict)]
    cells = tuple(_cell(item) for item in listed if whole(item, "row") is not None)
    if cells:
        return CellsRefused(cells, whole(problem, "errors_not_listed") or 0)
    if listed:
        return InputRefused(
            tuple(Complaint(_name(item.get("pointer")), str(item.get("detail"))) for item in listed)
        )
    return InputRefused(_message(problem.get("message")))


def _cell(item: Json) -> BadCell:
    return BadCell(whole(item, "row") or 0, optional_text(item, "column"), optional_text(item, "detail"))


def _message(message: Any) -> tuple[Complaint, ...]:
    if isinstance(message, dict):
        return tuple(Complaint(str(name), str(detail)) for name, detail in message.items())
    if isinstance(message, str) and message:
        return (Complaint(None, message),)
    raise BrokenAnswer("a 400 of the API did not say what is wrong")


def _name(pointer: Any) -> str | None:
    """The parameter that a JSON pointer in URI form ("#/petal_length") leads to."""
    if not isinstance(pointer, str) or not pointer.startswith("#/"):
        return None
    return unquote(pointer[2:]).replace("~1", "/").replace("~0", "~")


def _seconds(retry_after: str | None) -> int | None:
    return int(retry_after) if retry_after and retry_after.isdigit() else None
