"""bench/RESULTS.md: a section for each part, of which any can be measured again alone."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


def made_on(*libraries: str) -> str:
    """A sentence: when and on what a part was measured, with which versions."""
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}."
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(sections: Mapping[str, str], order: Sequence[str], path: Path = RESULTS) -> None:
    """Put sections into the results, each in place of the one of its name; the others stay."""
    there = path.read_text(encoding="utf-8") if path.exists() else ""
    known = {name: text.strip() for name, text in re.findall(r"(?s)<!-- (\w+) -->\n(.*?)(?=<!-- |\Z)", there)}
    known |= {name: text.strip() for name, text in sections.items()}
    parts = [f"<!-- {name} -->\n{known[name]}\n" for name in order if name in known]
    path.write_text("\n".join(["# Measurements\n", *parts]), encoding="utf-8")
