"""Ids are UUIDs, each another, in whichever process and thread they are made."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

import pytest

from api.ids import new_hex, new_time_uuid


@pytest.mark.parametrize(("new", "version"), [(new_time_uuid, 7), (new_hex, 4)])
def test_an_id_is_a_uuid(new: Callable[[], str], version: int) -> None:
    """Its text is the usual one, and says of what it is made."""
    for text in [new() for _ in range(600)]:
        known = UUID(text)
        assert text in {str(known), known.hex}
        assert (known.version, known.variant) == (version, RFC_4122)


def test_ids_with_their_time_are_in_its_order() -> None:
    """They begin with the millisecond in which they were made, so that later ones come after earlier ones."""
    before = time.time_ns() // 1_000_000
    made = []
    for _ in range(600):
        made.append(new_time_uuid())
        while len(made) % 100 == 0 and time.time_ns() // 1_000_000 <= UUID(made[-1]).int >> 80:
            pass
    after = time.time_ns() // 1_000_000
    milliseconds = [UUID(one).int >> 80 for one in made]
    assert milliseconds == sorted(milliseconds)
    assert before <= milliseconds[0]
    assert milliseconds[-1] <= after
    assert sorted(one[:13] for one in made) == [one[:13] for one in made]
    assert len({one[14:] for one in made}) == 600


@pytest.mark.parametrize("new", [new_time_uuid, new_hex])
def test_threads_never_share_an_id(new: Callable[[], str]) -> None:
    """Four threads that take many at once have all of them to themselves."""
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda _: [new() for _ in range(2000)], range(8)))
    assert len({_random(one) for part in taken for one in part}) == 16_000


@pytest.mark.parametrize("new", [new_time_uuid, new_hex])
def test_a_forked_process_makes_others(new: Callable[[], str]) -> None:
    """What is left in the parent's store is the parent's alone."""
    new()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, _random(new()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    its = os.read(reader, 32).decode()
    os.close(reader)
    os.close(writer)
    assert its not in {_random(new()) for _ in range(300)}


def _random(id: str) -> str:
    """What is random in an id of either kind."""
    return id.replace("-", "")[16:]
