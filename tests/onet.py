"""Small files in the layout of O*NET's text files, in our own words."""

from __future__ import annotations

from pathlib import Path

_OCCUPATIONS = {
    "91-0001.00": ("Lamp Lighters", "Light and tend the lamps of a town."),
    "91-0002.00": ("Kite Makers", "Design and build kites that carry loads."),
    "91-0003.00": ("Moat Keepers", "Keep moats clean."),
}
_TASKS = {
    "91-0001.00": 'Trim the wick of lamp {}, and note "how bright" it burns.',
    "91-0002.00": "Stretch silk over frame {} and test it in wind.",
}


def write_onet(folder: Path, tasks: int = 12) -> Path:
    """`Task Statements.txt` and `Occupation Data.txt`; one task has an occupation that is nowhere else."""
    lines = ["O*NET-SOC Code\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\tDomain Source"]
    for code, task in _TASKS.items():
        for number in range(tasks):
            lines.append(f"{code}\t{number}\t{task.format(number)}\tCore\t50\t03/2026\tIncumbent")
    lines.append("91-9999.00\t99\tDo what nobody knows.\tCore\t50\t03/2026\tIncumbent")
    (folder / "Task Statements.txt").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    names = ["O*NET-SOC Code\tTitle\tDescription"]
    names += [f"{code}\t{title}\t{text}" for code, (title, text) in _OCCUPATIONS.items()]
    (folder / "Occupation Data.txt").write_text("\r\n".join(names) + "\r\n", encoding="utf-8")
    return folder
