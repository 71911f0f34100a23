"""The results of measurements: a file whose sections can be measured again one by one."""

from __future__ import annotations

from pathlib import Path

from bench.__main__ import PARTS
from bench.report import RESULTS, write

ORDER = ("first", "second", "third")


def test_a_section_takes_the_place_of_the_one_of_its_name(tmp_path: Path) -> None:
    """The others stay, and all stand in their order."""
    path = tmp_path / "RESULTS.md"
    write({"third": "## Third\n\nold"}, ORDER, path)
    write({"first": "## First\n"}, ORDER, path)
    write({"third": "## Third\n\nnew\n"}, ORDER, path)
    expected = "# Measurements\n\n<!-- first -->\n## First\n\n<!-- third -->\n## Third\n\nnew\n"
    assert path.read_text(encoding="utf-8") == expected


def test_every_part_has_been_measured() -> None:
    """The results in the repository have a section for each part."""
    kept = RESULTS.read_text(encoding="utf-8")
    assert [name for name in PARTS if f"<!-- {name} -->" not in kept] == []
