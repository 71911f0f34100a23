"""Plain lines of a CSV give what the csv module gives."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.errors import BouquetError
from api.predictions import csv_chunks, csv_scoring
from api.predictions.asking import Asking
from api.predictions.csv_scoring import Asked, score_csv
from api.predictions.predict import Predictor

HEADER = "sepal_length,sepal_width,petal_length,petal_width"
cells = st.sampled_from(
    ["5.1", "3", " 1.4", "0.2", "", "x", "1e3", "1_0", '"2"', '"a,b"', '"', "é", "1\v", "\r"]
)
rows = st.lists(cells, min_size=3, max_size=5).map(",".join)
ends = st.sampled_from(["\n", "\r\n", "\n\n", "\r"])
files = st.lists(st.tuples(rows | st.just("5.1,3.5,1.4,0.2"), ends), max_size=8)


def outcome(predictor: Predictor, text: str, *, skip: bool) -> Any:
    """The answer and the problems, or the error."""
    out, asking = io.StringIO(), Asking("ada", "/")
    try:
        scoring = score_csv(Asked(predictor, "iris", asking), io.StringIO(text, newline=""), out, skip=skip)
    except BouquetError as error:
        return type(error), str(error)
    return None if scoring.problems and not skip else out.getvalue(), scoring.rows, scoring.problems


@given(files, st.booleans(), st.sampled_from([",", ";"]))
@example([("5.1,3.5,1.4,0.2", "\n"), ('5.1,3.5,1.4,"0.2', "\n")], False, ",")
@example([("5.1,3.5,1.4,0.2", "\r\n"), ("6.3,3.3,6,2.5", "")], True, ",")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_ways_of_reading_are_the_same(
    predictor: Predictor,
    monkeypatch: pytest.MonkeyPatch,
    lines: list[tuple[str, str]],
    skip: bool,
    delimiter: str,
) -> None:
    """Quoted or not, of any width, with any ends, fitting or not, whole or broken off."""
    text = "".join(line + end for line, end in [(HEADER, "\n"), *lines]).replace(",", delimiter)
    monkeypatch.setattr(csv_scoring, "CHUNK", 2)
    quickly = outcome(predictor, text, skip=skip)
    never: Callable[[str, list[str]], bool] = lambda text, lines: False  # noqa: E731 (it has a type so)
    with monkeypatch.context() as slowly:
        slowly.setattr(csv_chunks, "_is_plain", never)
        assert outcome(predictor, text, skip=skip) == quickly


def test_a_label_that_needs_quotes_gets_them() -> None:
    """As the csv module would write it."""
    quoted = csv_scoring._quoted
    assert [quoted("a", ","), quoted("a,b", ","), quoted("a,b", ";"), quoted('"', ",")] == [
        "a",
        '"a,b"',
        "a,b",
        '""""',
    ]
