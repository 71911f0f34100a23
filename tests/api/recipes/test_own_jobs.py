"""A person's own data: every way it may be written, what is left out of it, and what is said of bad files."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.errors import UnreadableData
from api.recipes.job_rows import OwnData
from api.recipes.own_jobs import FEWEST, MOST_TITLES, OwnJobs, read_own_jobs

BAKER = [f"Kneading dough for loaf number {number}" for number in range(FEWEST)]
DIVER = [f"Welding below the surface at pier {number}" for number in range(FEWEST)]
ROWS = [*(("Baker", line) for line in BAKER), *(("Diver", line) for line in DIVER)]


def table(delimiter: str = ",", names: tuple[str, str] = ("title", "description")) -> str:
    """The rows as a table with a column before, between and after."""
    lines = [
        ("id", names[0], "place", names[1], "pay"),
        *(("7", one[0], "Ghent", one[1], "") for one in ROWS),
    ]
    return "".join(delimiter.join(line) + "\n" for line in lines)


def read(path: Path, content: str | bytes, **given: str) -> OwnJobs:
    """What is read from a file with this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_own_jobs(OwnData(path, **given))  # type: ignore[arg-type]  # only columns are given


def refusal(path: Path, content: str | bytes, **given: str) -> str:
    """Why such a file is refused."""
    with pytest.raises(UnreadableData) as raised:
        read(path, content, **given)
    assert str(raised.value).startswith(path.name)
    return str(raised.value)


def pairs(jobs: OwnJobs) -> list[tuple[str, str]]:
    """Titles and texts."""
    return [(one.label, one.text) for one in jobs.lines]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_delimiter_and_encoding_are_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    """However the same table is written, the same lines are read, accents included."""
    content = table(delimiter).replace("Diver", "Plongeur à l'étang")
    jobs = read(tmp_path / "jobs.csv", content.encode(encoding))
    assert pairs(jobs) == [(title.replace("Diver", "Plongeur à l'étang"), text) for title, text in ROWS]


@pytest.mark.parametrize(
    "names",
    [
        ("title", "description"),
        ("Job Title", "Job Description"),
        ("job_title", "DUTIES"),
        ("Occupation", "Responsibilities"),
        ("POSITION", "text"),
        ("label", "Task"),
        ("JobTitle", "job-duties"),
    ],
)
def test_the_usual_names_of_columns_are_known(tmp_path: Path, names: tuple[str, str]) -> None:
    """Case, blanks, underscores and hyphens do not matter, nor does what other columns hold."""
    assert pairs(read(tmp_path / "jobs.csv", table(names=names))) == ROWS


def test_columns_may_come_in_any_order_and_be_named(tmp_path: Path) -> None:
    """A description before its title; names that nobody could guess, given."""
    content = "was wer tut,wer\n" + "".join(f"{text},{title}\n" for title, text in ROWS)
    jobs = read(tmp_path / "jobs.csv", content, title_column="wer", description_column="was wer tut")
    assert pairs(jobs) == ROWS


def test_quoted_cells_hold_line_breaks_and_delimiters(tmp_path: Path) -> None:
    """They are one text, and its lines stay lines."""
    more = '7,Baker,Ghent,"Mixing, kneading\r\nand ""proving""",\n'
    jobs = read(tmp_path / "jobs.csv", table() + more)
    assert jobs.lines[-1].text == 'Mixing, kneading\nand "proving"'


def test_html_is_read_as_text(tmp_path: Path) -> None:
    """Tags go, items stay apart, entities become what they stand for; it is said of how many rows."""
    more = (
        "7,Baker,Ghent,<p>Bread &amp; cakes</p><ul><li>Early <b>shifts</b></li><li>a < b</li></ul>"
        "<script>track()</script>,\n"
    )
    jobs = read(tmp_path / "jobs.csv", table() + more)
    assert jobs.lines[-1].text == "Bread & cakes\nEarly shifts\na < b"
    assert "1 row freed from HTML tags." in jobs.said


def test_empty_repeated_and_long_rows_are_counted(tmp_path: Path) -> None:
    """Without a title or a description, the same again in another case, and far too long."""
    more = f"7,,Ghent,lost,\n7,Baker,Ghent, ,\n7,baker,Ghent,{BAKER[0].upper()},\n"
    more += f"7,Baker,Ghent,{'dough ' * 900},\n"
    jobs = read(tmp_path / "jobs.csv", table() + more)
    assert f"{len(ROWS) + 4} rows read." in jobs.said
    assert any(one.startswith("2 rows left out: the title or the description") for one in jobs.said)
    assert any(one.startswith("1 row left out: they repeat") for one in jobs.said)
    assert any(one.startswith("1 row cut to their first") for one in jobs.said)
    assert max(len(one.text) for one in jobs.lines) <= 2000


def test_spellings_of_a_title_become_its_commonest(tmp_path: Path) -> None:
    """Blanks and case are no other title; anything else is."""
    more = "7, BAKER ,Ghent,Icing a cake,\n7,baker,Ghent,Selling rolls,\n"
    jobs = read(tmp_path / "jobs.csv", table() + more)
    assert {one.label for one in jobs.lines} == {"Baker", "Diver"}
    assert any("Baker and BAKER and baker" in one for one in jobs.said)


def test_small_titles_are_named_and_left_out(tmp_path: Path) -> None:
    """Each with how many different descriptions it has."""
    more = "7,Tailor,Ghent,Sewing hems,\n7,Tailor,Ghent,Taking measurements,\n7,Cooper,Ghent,Making casks,\n"
    jobs = read(tmp_path / "jobs.csv", table() + more)
    assert pairs(jobs) == ROWS
    left = f"2 titles left out for having fewer than {FEWEST} different descriptions: Tailor (2), Cooper (1)."
    assert jobs.said[-1] == left


def test_of_very_many_small_titles_some_are_named(tmp_path: Path) -> None:
    """A hundred, and how many more."""
    more = "".join(f"7,Title {number},Ghent,Doing {number},\n" for number in range(130))
    assert read(tmp_path / "jobs.csv", table() + more).said[-1].endswith(" and 30 more.")


def test_a_header_that_is_not_understood_is_named(tmp_path: Path) -> None:
    """With all its columns, and the options that would help; both problems at once."""
    said = refusal(tmp_path / "jobs.csv", table(names=("wer", "was")))
    for part in ("--title-column", "--description-column", "'id', 'wer', 'place', 'was', 'pay'"):
        assert part in said


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"title_column": "wer"}, "--title-column 'wer': no column is named so"),
        ({"title_column": "description"}, "cannot hold both titles and descriptions"),
    ],
)
def test_a_column_that_is_not_there_is_named(tmp_path: Path, given: dict[str, str], why: str) -> None:
    """A name that no column has; one column for both."""
    said = refusal(tmp_path / "jobs.csv", table(), **given)
    assert why in said
    assert "'place'" in said


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04 a workbook", "save the table as CSV"),
        (b"title,description\nBaker,\x00\n", "NUL bytes"),
        ("title,description\nBaker,Kneading\n", "none of its 1 titles have 10 different descriptions"),
        (table() + "7,Baker\n7,Baker,Ghent,Rye, wheat and oats,,\n", "row 21 (line 22) has 2, row 22"),
        (table() + '7,Baker,Ghent,"never closed,\n7,a,b,c,\n', "row 21 (up to line 23) is not CSV"),
        (table() + f"7,{'Baker ' * 40},Ghent,Kneading,\n", "row 21: its title has 239 characters"),
        ("title,description\n" + "".join(f"Baker,{one}\n" for one in BAKER), "1 of its 1 titles has 10"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: str | bytes, why: str) -> None:
    """With the file, the row where it is one row's fault, and what is expected."""
    assert why in refusal(tmp_path / "jobs.csv", content)


def test_more_titles_than_a_model_holds_are_refused(tmp_path: Path) -> None:
    """With how many there are, and how many there may be."""
    lines = (f"Title {title},Doing {line}\n" for title in range(MOST_TITLES + 1) for line in range(FEWEST))
    said = refusal(tmp_path / "jobs.csv", "title,description\n" + "".join(lines))
    assert f"{MOST_TITLES + 1} titles" in said


def test_a_file_that_is_not_there_is_an_error_of_its_own(tmp_path: Path) -> None:
    """As of any command."""
    with pytest.raises(FileNotFoundError):
        read_own_jobs(OwnData(tmp_path / "none.csv"))
