"""Long bodies are read piece by piece, to the same values as at once."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest

from api.web import body
from api.web.body import json_of

texts = st.text(st.sampled_from('ab}{,]["\\ \n')) | st.text(max_size=3)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
objects = st.lists(st.dictionaries(texts, values, max_size=3), max_size=6)


@pytest.fixture(autouse=True)
def tiny_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece after every byte or two, so that short texts are cut wherever they can be."""
    monkeypatch.setattr(body, "_PIECE", 2)


@given(objects, st.sampled_from([None, 1]), st.sampled_from([",", " , ", ",\n"]))
@example([{"a": "}, {"}, {"a": [{}, {}]}], None, ",")
def test_pieces_are_the_whole(given: list[dict[str, Any]], indent: int | None, separator: str) -> None:
    """Whatever is in the objects, also what looks like the end of one and the beginning of another."""
    text = json.dumps({"instances": given}, indent=indent, separators=(separator, ":"))
    assert json_of(text.encode()) == {"instances": given}


@given(objects, st.data())
def test_a_damaged_body_is_read_as_at_once(given: list[dict[str, Any]], data: st.DataObject) -> None:
    """A byte less, or another one, gives the same value or is refused, with pieces or without."""
    text = json.dumps({"instances": given})
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(["", "}", "{", ",", '"', "]", "[", " ", "\v", "x"]))
    damaged = (text[:at] + other + text[at + 1 :]).encode()
    try:
        whole = orjson.loads(damaged)
    except orjson.JSONDecodeError:
        try:
            whole = json.loads(damaged)
        except ValueError:
            with pytest.raises(BadRequest):
                json_of(damaged)
            return
    assert json_of(damaged) == whole


def test_what_is_no_list_of_instances_is_read_at_once() -> None:
    """Another member first, or none, or more than one."""
    for text in (
        '{"id": 1, "instances": [{}, {}]}',
        '{"instances": [{}], "b": [{}]}',
        "[{}, {}]",
        '{"a": {}}',
    ):
        assert json_of(text.encode()) == json.loads(text)
