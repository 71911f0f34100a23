"""The members of a JSON object, each as what it has to be. Pure.

What has to be there and is not, or is of another shape, raises BrokenAnswer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .errors import BrokenAnswer

Json = Mapping[str, Any]


def mapping(value: Any) -> Json:
    """The value, which has to be an object."""
    if not isinstance(value, Mapping):
        raise BrokenAnswer("an object was expected in the answer")
    return value


def sequence(data: Json, key: str) -> Sequence[Any]:
    """A member that has to be a list."""
    value = data.get(key)
    if not isinstance(value, list):
        raise BrokenAnswer(f"a list was expected as {key!r} in the answer")
    return value


def text(data: Json, key: str) -> str:
    """A member that has to be a text, and not an empty one."""
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise BrokenAnswer(f"a text was expected as {key!r} in the answer")
    return value


def optional_text(data: Json, key: str) -> str:
    """A text, "" where there is none."""
    value = data.get(key)
    return value if isinstance(value, str) else ""


def optional_texts(data: Json, key: str) -> tuple[str, ...]:
    """The texts of a list, none where there is none."""
    value = data.get(key)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def optional_mapping(data: Json, key: str) -> Json:
    """An object, an empty one where there is none."""
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def number(data: Json, key: str) -> float | None:
    """A number, None where there is none."""
    value = data.get(key)
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def whole(data: Json, key: str) -> int | None:
    """A whole number, None where there is none."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_text(value: Any) -> str:
    """A JSON value as it is typed into a form or a query; null is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, float) else str(value)


def number_text(value: float) -> str:
    """A number as a person writes it: 4.0 is "4", 0.1 is "0.1"."""
    return format(value, ".12g")
