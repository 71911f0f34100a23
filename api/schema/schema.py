"""A schema: the ordered fields that a model takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.schema.fields import Field, Kind, Value

# One row of values, in the order of the schema's fields.
Row = tuple[Value, ...]

_TEXTS = (Kind.CHOICE, Kind.TEXT)


@dataclass(frozen=True)
class Schema:
    """The ordered fields that a model takes; names are unique.

    `number_positions` and `text_positions` say where in a row its numbers (and booleans) and its texts
    (and choices) are.
    """

    fields: tuple[Field, ...]
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)
    number_positions: tuple[int, ...] = field(init=False, repr=False, compare=False)
    text_positions: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {one.name: one for one in self.fields}
        if len(by_name) != len(self.fields):
            raise ValueError("a schema's field names must differ from each other")
        is_text = [one.kind in _TEXTS for one in self.fields]
        object.__setattr__(self, "by_name", by_name)
        object.__setattr__(self, "number_positions", tuple(at for at, one in enumerate(is_text) if not one))
        object.__setattr__(self, "text_positions", tuple(at for at, one in enumerate(is_text) if one))

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names, in order."""
        return tuple(self.by_name)
