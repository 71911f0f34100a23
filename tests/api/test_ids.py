"""Ids are version 4 UUIDs, each another, in whichever process and thread they are made."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

from api.ids import new_hex, new_uuid


def test_an_id_is_a_uuid() -> None:
    """Its text is the usual one, and says that it is made of random bits."""
    for text in [new_uuid() for _ in range(600)]:
        known = UUID(text)
        assert str(known) == text
        assert (known.version, known.variant) == (4, RFC_4122)
    assert UUID(new_hex()).version == 4


def test_threads_never_share_an_id() -> None:
    """Four threads that take many at once have all of them to themselves."""
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda _: [new_hex() for _ in range(2000)], range(8)))
    assert len({one for part in taken for one in part}) == 16_000


def test_a_forked_process_makes_others() -> None:
    """What is left in the parent's store is the parent's alone."""
    new_hex()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, new_hex().encode())
        os._exit(0)
    os.waitpid(child, 0)
    its = os.read(reader, 32).decode()
    os.close(reader)
    os.close(writer)
    assert its not in {new_hex() for _ in range(300)}
