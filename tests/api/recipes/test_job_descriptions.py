"""The job descriptions: a file that people extend, kept free of what would spoil it."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.recipes.job_descriptions import (
    APART,
    FEWEST_LINES,
    JobDescription,
    faults,
    read_job_descriptions,
)

GOOD = [JobDescription("baker", f"word{at} other{at} third{at}") for at in range(FEWEST_LINES)]


def test_the_file_is_free_of_faults() -> None:
    """No line twice or nearly twice, none that names its title, and enough lines for each title."""
    assert list(faults(read_job_descriptions())) == []


def test_the_lines_written_apart_are_of_the_same_titles() -> None:
    """Every title has some, none names it, and none is nearly the same as a line that is learnt from."""
    lines, apart = read_job_descriptions(), read_job_descriptions(APART)
    assert {one.title for one in apart} == {one.title for one in lines}
    assert list(faults([*lines, *apart])) == []


def test_the_file_covers_all_walks_of_work() -> None:
    """There are more than a hundred titles, those of technology, health, trades and the others among them."""
    titles = {one.title for one in read_job_descriptions()}
    assert len(titles) >= 100
    assert titles >= {
        "technical project manager",
        "midwife",
        "plumber",
        "judge",
        "farmer",
        "actor",
        "soldier",
    }


@pytest.mark.parametrize(
    ("title", "text", "fault"),
    [
        ("tailor", "Sews suits to measure", f"tailor has 1 lines, and needs {FEWEST_LINES}"),
        ("baker", "Two Bakers share one oven", "baker is named in its own line"),
        ("baker", "word3 other3 third3", "nearly the same"),
        ("baker", "Third3, word3 and other3", "nearly the same"),
    ],
)
def test_a_fault_is_found(title: str, text: str, fault: str) -> None:
    """Each kind of fault is said with the line that has it, and good lines have none."""
    assert list(faults(GOOD)) == []
    assert any(fault in one for one in faults([*GOOD, JobDescription(title, text)]))


def test_a_line_before_any_title_is_refused(tmp_path: Path) -> None:
    """A file that begins with a description says where."""
    path = tmp_path / "lines.txt"
    path.write_text("Sews suits\n# tailor\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"line 1 of lines\.txt stands before any title"):
        read_job_descriptions(path)
