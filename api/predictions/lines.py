"""Reading the spool's lines: what the recorder wrote, as the database keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from math import modf

import orjson

from api.predictions.pack import MARK
from api.predictions.unpack import Head, unpacked
from api.storage.predictions import Answered

PARTS = 4
_MICROSECONDS = 1_000_000


def records_of(lines: Sequence[bytes]) -> list[Answered]:
    """The records that some lines are; raises ValueError, TypeError or OverflowError where one is none."""
    records: list[Answered] = []
    for packed, some in groupby(lines, lambda line: line.startswith(MARK)):
        if packed:
            records += [_record(*unpacked(line)) for line in some]
        else:
            records += _written(some)
    return records


def _written(lines: Iterable[bytes]) -> list[Answered]:
    """What is JSON in them is read in one piece, which takes half the time of reading it line by line."""
    parts = [line.split("\t") for line in b"".join(lines).decode("ascii").split("\n")[:-1]]
    for one in parts:
        if len(one) != PARTS:
            raise ValueError(f"a record has {PARTS} parts, and this line {len(one)}")
    heads = _read(f"[{','.join([one[0] for one in parts])}]")
    return [
        _record(head, inputs, answers, probabilities or None)
        for head, (_, inputs, answers, probabilities) in zip(heads, parts, strict=True)
    ]


def _read(text: str) -> list[Head]:
    heads: list[Head]
    try:
        heads = orjson.loads(text)
    except orjson.JSONDecodeError:
        # A name may have characters that are none elsewhere.
        heads = json.loads(text)
    return heads


def _record(head: Head, inputs: str, answers: str, probabilities: str | None) -> Answered:
    id, row, rows, at, seconds, user, route, model, version = head
    return Answered(
        *(id, row, rows, _time(at), model, version, _kept(user), _kept(route), seconds),
        *(inputs, answers, probabilities),
    )


def time_text(time: datetime) -> str:
    """A time with a zone as the record has it, so that texts are in the order of their times."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _time(at: float) -> str:
    """Seconds since 1970 as the record has them."""
    fraction, second = modf(at)
    microseconds = round(fraction * _MICROSECONDS)
    if 0 <= microseconds < _MICROSECONDS:
        return f"{_second(second)}{microseconds:06}Z"
    return time_text(datetime.fromtimestamp(at, UTC))


@lru_cache(maxsize=64)
def _second(second: float) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S.")


@lru_cache(maxsize=1024)
def _kept(text: str) -> str:
    """A name as every database can keep it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:200]
