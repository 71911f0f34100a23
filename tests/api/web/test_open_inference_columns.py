"""A tensor for each field beside the same rows as objects: the same rows, the same values refused."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from api.errors import InvalidInput
from api.predictions.instances import rows_of_instances
from api.schema.fields import Choice, Field, Kind
from api.schema.schema import Schema
from api.web.open_inference.columns import rows_of
from api.web.open_inference.tensors import tensor_of

CHOICES = tuple(Choice(one, one) for one in ("red", "ä", " "))
SCHEMA = Schema(
    (
        Field("mass", "Mass", Kind.NUMBER),
        Field("age", "Age", Kind.INTEGER, missing_allowed=True),
        Field("colour", "Colour", Kind.CHOICE, choices=CHOICES),
        Field("soil", "Soil", Kind.CHOICE, choices=CHOICES, missing_allowed=True, others_allowed=True),
    )
)
rows = st.lists(
    st.tuples(
        st.sampled_from([1.5, -2.0, 0.0]),
        st.sampled_from([3.0, 4.0, None, None, 4.5]),
        st.sampled_from(["red", "red", "ä", " ", "blue", ""]),
        st.sampled_from(["red", "ä", "blue", "", None, "\ud800"]),
    ),
    min_size=1,
    max_size=5,
)


@given(rows)
def test_tensors_are_read_as_objects_are(given_rows: list[tuple[Any, ...]]) -> None:
    """What fits is the same row, a missing value too; of what does not, each field's first row is named."""
    tensors = [
        tensor_of(name, "BYTES" if at > 1 else "FP64", (len(given_rows),), [one[at] for one in given_rows])
        for at, name in enumerate(SCHEMA.names)
    ]
    try:
        theirs = rows_of_instances(SCHEMA, [dict(zip(SCHEMA.names, one, strict=True)) for one in given_rows])
    except InvalidInput as invalid:
        first: dict[str, int] = {}
        for one in invalid.problems:
            first.setdefault(one.field, one.row or 0)
        try:
            rows_of(SCHEMA, tensors)
        except InvalidInput as ours:
            told = {one.field: int(one.detail.split(":")[0].removeprefix("Row ")) for one in ours.problems}
            assert told == first
            return
        raise
    found = rows_of(SCHEMA, tensors)
    assert repr(found.numbers.tolist()) == repr(theirs.numbers.tolist())
    assert found.texts.tolist() == theirs.texts.tolist()
