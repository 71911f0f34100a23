"""A schema: the ordered fields that a model takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.schema.fields import Field, Value

# One row of values, in the order of the schema's fields.
Row = tuple[Value, ...]


@dataclass(frozen=True)
class Schema:
    """The ordered fields that a model takes; names are unique."""

    fields: tuple[Field, ...]
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {one.name: one for one in self.fields}
        if len(by_name) != len(self.fields):
            raise ValueError("a schema's field names must differ from each other")
        object.__setattr__(self, "by_name", by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names, in order."""
        return tuple(self.by_name)
