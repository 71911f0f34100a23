"""O*NET's own text files: found beside each other or in a folder, joined by the codes of occupations."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.errors import UnreadableData
from api.recipes.job_rows import OCCUPATIONS, TASKS, OwnData
from api.recipes.own_jobs import read_own_jobs
from tests.onet import write_onet


@pytest.mark.parametrize("given", [TASKS, "."])
def test_both_files_are_found(tmp_path: Path, given: str) -> None:
    """Tasks and occupations' own descriptions are lines; quotation marks are characters like any other."""
    jobs = read_own_jobs(OwnData(write_onet(tmp_path) / given))
    texts = {title: [one.text for one in jobs.lines if one.label == title] for title in ("Lamp Lighters",)}
    assert {one.label for one in jobs.lines} == {"Lamp Lighters", "Kite Makers"}
    assert texts["Lamp Lighters"][0] == 'Trim the wick of lamp 0, and note "how bright" it burns.'
    assert "Light and tend the lamps of a town." in texts["Lamp Lighters"]
    assert len(jobs.lines) == 2 * (12 + 1)
    assert any("3 occupations" in one for one in jobs.said)
    assert any("Moat Keepers (1)" in one for one in jobs.said)
    # The task whose occupation is nowhere has no title.
    assert any(one.startswith("1 row left out: the title") for one in jobs.said)


def test_occupations_may_be_elsewhere(tmp_path: Path) -> None:
    """They are then named."""
    write_onet(tmp_path)
    elsewhere = tmp_path / "other names.txt"
    (tmp_path / OCCUPATIONS).rename(elsewhere)
    with pytest.raises(UnreadableData, match="--occupations"):
        read_own_jobs(OwnData(tmp_path / TASKS))
    assert read_own_jobs(OwnData(tmp_path / TASKS, occupations=elsewhere)).lines


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    """With the name of the file that is expected."""
    with pytest.raises(UnreadableData, match="Task Statements"):
        read_own_jobs(OwnData(tmp_path))


def test_occupations_of_another_layout_are_refused(tmp_path: Path) -> None:
    """With the columns that are expected, and those there are."""
    (write_onet(tmp_path) / OCCUPATIONS).write_text("code\tname\n1\tBaker\n", encoding="utf-8")
    with pytest.raises(UnreadableData, match="The columns there are: code, name"):
        read_own_jobs(OwnData(tmp_path))


def test_occupations_for_a_table_without_codes_are_refused(tmp_path: Path) -> None:
    """They could not be looked up."""
    (tmp_path / "jobs.csv").write_text("title,description\na,b\n", encoding="utf-8")
    with pytest.raises(UnreadableData, match="O\\*NET-SOC Code"):
        read_own_jobs(OwnData(tmp_path / "jobs.csv", occupations=write_onet(tmp_path) / OCCUPATIONS))
