"""The form of experiences: what was typed, what of it is sent to the API, what is wrong at each. Pure.

It is the one form that is not drawn from a schema: it holds what the API's route for experiences takes
beside the text that the schema describes. A description begins an experience; a title and years that
follow belong to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .entries import Pairs, number_read, readable
from .errors import Complaint
from .fields import Field

NAMES = ("description", "title", "years")
YEARS = Field("years", "Years", "number", unit="years", missing_allowed=True)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
_PLACE = re.compile(r"experience/([0-9]{1,3})/(\w+)")


@dataclass(frozen=True)
class Experience:
    """One experience as it was typed; what was left out is ""."""

    description: str = ""
    title: str = ""
    years: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.description + self.title + self.years).strip()


@dataclass(frozen=True)
class Block:
    """One experience on the page: its number from 1, what was typed, and what is wrong with each part."""

    number: int
    description: str
    title: str
    years: str
    errors: dict[str, str]

    def anchor(self, name: str) -> str:
        """The id of the control for one of its parts."""
        return f"experience-{self.number}-{name}"


@dataclass(frozen=True)
class ExperienceForm:
    """All experiences, the first always there, and the complaints that belong to none of them."""

    blocks: tuple[Block, ...]
    complaints: tuple[str, ...] = ()

    @property
    def reminders(self) -> tuple[tuple[str, str], ...]:
        """For the summary, where each error is and what it says, with its experience where there are more."""
        several = len(self.blocks) > 1
        return tuple(
            (block.anchor(name), f"Experience {block.number}: {error}" if several else error)
            for block in self.blocks
            for name, error in block.errors.items()
        )

    @property
    def refused(self) -> bool:
        """Whether anything at all is wrong."""
        return bool(self.complaints or self.reminders)


def read_experiences(pairs: Pairs) -> tuple[Experience, ...]:
    """What was typed, without the experiences that were left blank, but always one."""
    parts: list[dict[str, str]] = []
    for name, value in pairs:
        if name in NAMES:
            if not parts or name in parts[-1] or name == "description":
                parts.append({})
            parts[-1][name] = value.replace("\r\n", "\n").replace("\r", "\n")
    typed = [one for one in (Experience(**part) for part in parts) if not one.blank]
    return tuple(typed) or (Experience(),)


def experience_pairs(experiences: Sequence[Experience]) -> Pairs:
    """The same as names and values, for an address or a form."""
    return [
        (name, value)
        for one in experiences
        for name, value in (("description", one.description), ("title", one.title), ("years", one.years))
        if name == "description" or value.strip()
    ]


def payload(experiences: Sequence[Experience]) -> list[dict[str, Any]]:
    """What is sent to the API; years that are no number go as they were typed, for the API to refuse."""
    return [_sent(one) for one in experiences]


def draw_experiences(
    experiences: Sequence[Experience], complaints: Sequence[Complaint] = ()
) -> ExperienceForm:
    """The form with the typed values kept, and each complaint where it belongs."""
    errors: list[dict[str, str]] = [{} for _ in experiences]
    others = []
    for complaint in complaints:
        place = _PLACE.fullmatch(complaint.name or "")
        if place and int(place[1]) < len(errors) and place[2] in NAMES:
            errors[int(place[1])][place[2]] = readable(complaint.detail)
        else:
            others.append(readable(complaint.detail))
    blocks = (
        Block(number, readable(one.description), readable(one.title), readable(one.years), wrong)
        for number, (one, wrong) in enumerate(zip(experiences, errors, strict=True), 1)
    )
    return ExperienceForm(tuple(blocks), tuple(others))


def strangers(pairs: Pairs) -> tuple[Complaint, ...]:
    """A complaint for each name that is no part of an experience."""
    names = dict.fromkeys(name for name, _ in pairs if name not in NAMES)
    return tuple(Complaint(name, f"{name!r} is no part of an experience.") for name in names)


def _sent(one: Experience) -> dict[str, Any]:
    sent: dict[str, Any] = {"description": one.description}
    if one.title.strip():
        sent["title"] = one.title
    if one.years.strip():
        text = number_read(YEARS, one.years)
        number = float(text) if _NUMBER.fullmatch(text) else math.inf
        sent["years"] = number if math.isfinite(number) else text
    return sent
