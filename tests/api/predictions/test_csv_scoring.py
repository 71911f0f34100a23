"""Scoring a CSV: the same rows with answers, or every bad cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from api.errors import InvalidInput, NotACsv
from api.predictions.asking import Asking
from api.predictions.csv_scoring import CHUNK, MOST_PROBLEMS, Asked, Scoring, score_csv
from api.predictions.predict import Predictor

ASKING = Asking("ada", "/api/v1.0/models/<name>/predict")
HEADER = "sepal_length,sepal_width,petal_length,petal_width"
SETOSA, VIRGINICA = "5.1,3.5,1.4,0.2", "6.3,3.3,6.0,2.5"


def score(predictor: Predictor, text: str, *, skip: bool = False) -> tuple[Scoring, list[dict[str, str]]]:
    """What came of it, and the answer's rows."""
    out = io.StringIO()
    scoring = score_csv(Asked(predictor, "iris", ASKING), io.StringIO(text, newline=""), out, skip=skip)
    delimiter = ";" if ";" in out.getvalue() else ","
    return scoring, list(csv.DictReader(io.StringIO(out.getvalue()), delimiter=delimiter))


def test_rows_come_back_with_their_answers(predictor: Predictor) -> None:
    """Every row keeps its cells and gets the class and the probabilities that it would get alone."""
    _, rows = score(predictor, f"{HEADER}\n{SETOSA}\n{VIRGINICA}\n")
    assert [row["predicted_species"] for row in rows] == ["Iris-Setosa", "Iris-Virginica"]
    assert rows[0]["sepal_length"] == "5.1"
    pairs = [(name, rows[1][name]) for name in HEADER.split(",")]
    alone = predictor.from_pairs("iris", pairs, ASKING).response
    assert {name: rows[1][name] for name in alone} == {name: str(value) for name, value in alone.items()}


def test_other_columns_and_another_order_are_kept(predictor: Predictor) -> None:
    """Columns are found by name, quoting and line ends of either kind are read, and what is more is kept."""
    text = 'id,petal_width,petal_length,sepal_width,sepal_length\r\n"a, ""b""",0.2,1.4,3.5,5.1\r\n'
    _, (row,) = score(predictor, text)
    assert row["id"] == 'a, "b"'
    assert row["predicted_species"] == "Iris-Setosa"


def test_semicolons_and_a_byte_order_mark_are_no_trouble(predictor: Predictor) -> None:
    """The separator is what the header's names are found with, and the answer uses it too."""
    _, (row,) = score(predictor, f"{HEADER}\n{SETOSA}\n".replace(",", ";"))
    assert row["predicted_species"] == "Iris-Setosa"


def test_every_bad_cell_is_reported(predictor: Predictor) -> None:
    """Bad cells are found in every chunk, with their row and column."""
    lines = [SETOSA] * (CHUNK + 10)
    lines[3], lines[CHUNK + 5], lines[CHUNK + 6] = "x,3.5,nan,0.2", ",3.5,1.4,0.2", "1,2,3"
    scoring, _ = score(predictor, "\n".join([HEADER, *lines]))
    assert scoring.rows == CHUNK + 10
    assert [(one.row, one.field) for one in scoring.problems] == [
        (3, "sepal_length"),
        (3, "petal_length"),
        (CHUNK + 5, "sepal_length"),
        (CHUNK + 6, ""),
    ]
    assert scoring.problems[3].detail == "The row has 3 cells, and the header 4."


def test_rows_can_be_scored_around_bad_ones(predictor: Predictor) -> None:
    """With skip, a bad row keeps its cells, has no answer and says why; the others are answered."""
    text = f"{HEADER}\n{SETOSA}\nx,3.5,1.4,0.2\n1,2,3\n{VIRGINICA}\n"
    scoring, rows = score(predictor, text, skip=True)
    assert [row["predicted_species"] for row in rows] == ["Iris-Setosa", "", "", "Iris-Virginica"]
    assert rows[1]["problems"] == "Sepal length must be a number, not 'x'."
    assert rows[2]["problems"] == "The row has 3 cells, and the header 4."
    assert rows[0]["problems"] == ""
    assert len(scoring.problems) == 2


def test_skip_answers_a_chunk_in_which_nothing_fits(predictor: Predictor) -> None:
    """A file of bad rows only is answered with their reasons."""
    scoring, rows = score(predictor, f"{HEADER}\nx,3.5,1.4,0.2\n", skip=True)
    assert rows[0]["problems"]
    assert scoring.rows == 1


def test_of_very_many_bad_cells_the_first_are_listed(predictor: Predictor) -> None:
    """Memory stays bounded when everything is wrong, and the count is right."""
    scoring, _ = score(predictor, HEADER + "\n" + "a,b,c,d\n" * (MOST_PROBLEMS + 5))
    assert len(scoring.problems) == MOST_PROBLEMS
    assert len(scoring.problems) + scoring.beyond == 4 * (MOST_PROBLEMS + 5)


def test_every_column_that_is_missing_or_double_is_named(predictor: Predictor) -> None:
    """The header is looked at before any row."""
    with pytest.raises(InvalidInput) as caught:
        score(predictor, "sepal_length,sepal_length,petal_length\n1,2,3\n")
    assert [one.field for one in caught.value.problems] == ["sepal_length", "sepal_width", "petal_width"]
    assert caught.value.problems[0].detail == "The column sepal_length stands in the header 2 times."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        (HEADER, "a header and no rows"),
        (f'{HEADER}\n"5.1,3.5', "Line 2 of the CSV cannot be read"),
        (f"{HEADER}\n{'1' * 200_000},1,1,1", "Line 2 of the CSV cannot be read"),
        (f"{HEADER},predicted_species\n{SETOSA},x\n", "has a column predicted_species already"),
    ],
)
def test_what_is_no_csv_is_refused_with_a_sentence(predictor: Predictor, text: str, words: str) -> None:
    """An empty file, a header alone, broken quoting and a taken column name are each said."""
    with pytest.raises(NotACsv, match=words):
        score(predictor, text)


def test_another_encoding_is_named_with_its_place(predictor: Predictor) -> None:
    """Text that is not UTF-8 is refused, not guessed."""

    def lines() -> Iterator[str]:
        yield HEADER + "\n"
        yield b"5.1,\xff,1,1\n".decode("utf-8")

    with pytest.raises(NotACsv, match="not text in UTF-8, at line 2"):
        score_csv(Asked(predictor, "iris", ASKING), lines(), io.StringIO(), skip=False)
