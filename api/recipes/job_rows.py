"""Titles and descriptions from a table of one's own, or from O*NET's files, one row after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from api.errors import UnreadableData
from api.recipes.job_columns import job_columns
from api.recipes.text_table import TextTable, open_table

TASKS, OCCUPATIONS = "Task Statements.txt", "Occupation Data.txt"


@dataclass(frozen=True, slots=True)
class OwnData:
    """What a person gives: a table, or O*NET's task statements, or the folder that holds both of its files.

    The columns of a table may be named, and the file in which O*NET's occupations have their titles.
    """

    path: Path
    title_column: str | None = None
    description_column: str | None = None
    occupations: Path | None = None


@dataclass(frozen=True, slots=True)
class JobRow:
    """The title and the description of one row, as they stand there; `where` names file and row."""

    where: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JobSource:
    """Opened data: `said` is a sentence for people on what is read from where."""

    tables: tuple[_Titled, ...]
    said: str

    def rows(self) -> Iterator[JobRow]:
        """All rows, in order; raises UnreadableData where one cannot be read."""
        for table in self.tables:
            yield from table.rows()


@dataclass(frozen=True, slots=True)
class _Titled:
    """A table with the places of its columns; a title is looked up in `titles` where its cell is a code."""

    table: TextTable
    title: int
    description: int
    titles: Mapping[str, str] | None = None

    def rows(self) -> Iterator[JobRow]:
        name = self.table.path.name
        for number, cells in self.table.rows():
            title = cells[self.title]
            if self.titles is not None:
                # A code that is not in the list has no title, and is counted as a row without one.
                title = self.titles.get(title.strip(), "")
            yield JobRow(f"{name}, row {number}", title, cells[self.description])


def open_source(data: OwnData) -> JobSource:
    """Find the files and their columns; raises UnreadableData, or OSError where there is no such file."""
    path = _in_folder(data.path) if data.path.is_dir() else data.path
    names = (data.title_column, data.description_column)
    table = open_table(path, lambda header: job_columns(header, *names).found)
    columns = job_columns(table.header, *names)
    by_code = columns.title is None and columns.code is not None and data.title_column is None
    if columns.description is not None and columns.code is not None and (by_code or data.occupations):
        return _from_onet(data, path, columns.code, columns.description)
    if data.occupations:
        raise UnreadableData(path.name, "it has no column 'O*NET-SOC Code' by which to look up occupations.")
    if columns.title is None or columns.description is None or columns.problems:
        raise UnreadableData(path.name, " ".join(columns.problems))
    said = (
        f"Read from {path.name} ({table.written}): titles from the column "
        f"{table.header[columns.title]!r}, descriptions from {table.header[columns.description]!r}."
    )
    return JobSource((_Titled(table, columns.title, columns.description),), said)


def _in_folder(folder: Path) -> Path:
    found = _named(folder, TASKS)
    if found is None:
        raise UnreadableData(
            folder.name,
            f"it is a folder without {TASKS!r}: a CSV or TSV file, or O*NET's files, is expected.",
        )
    return found


def _from_onet(data: OwnData, path: Path, code: int, description: int) -> JobSource:
    beside = data.occupations or _named(path.parent, OCCUPATIONS)
    if beside is None:
        raise UnreadableData(
            path.name,
            f"it has codes of occupations and no titles, and there is no {OCCUPATIONS!r} beside it: put it "
            "there, or name it with --occupations.",
        )
    # O*NET writes a quotation mark like any other character.
    tasks, occupations = _onet_table(path), _onet_table(beside)
    columns = job_columns(occupations.header, None, None)
    if columns.code is None or columns.title is None or columns.description is None:
        expected = "the columns 'O*NET-SOC Code', 'Title' and 'Description' are expected."
        raise UnreadableData(
            beside.name, f"{expected} The columns there are: {', '.join(occupations.header)}."
        )
    titles = {cells[columns.code].strip(): cells[columns.title] for _, cells in occupations.rows()}
    return JobSource(
        (
            _Titled(tasks, code, description, titles),
            _Titled(occupations, columns.title, columns.description),
        ),
        f"Read from O*NET's {path.name} and {beside.name}: {len(titles)} occupations, whose own descriptions "
        "are learnt from too.",
    )


def _onet_table(path: Path) -> TextTable:
    return open_table(path, lambda header: job_columns(header, None, None).found, quoted=False)


def _named(folder: Path, name: str) -> Path | None:
    """The file of that name in a folder, whatever its case."""
    return next((one for one in sorted(folder.iterdir()) if one.name.lower() == name.lower()), None)
