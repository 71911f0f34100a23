"""Ids that nobody can guess or meet twice: UUIDs, of random bits alone or with the time before them."""

from __future__ import annotations

import os
import time

# How many are made of one call to the system, which on some machines costs more than a whole prediction.
_AT_ONCE = 256
_VARIANTS = "89ab"

# Ids of random bits; and what follows the time in one that begins with it.
# Threads may take from them at the same time.
_pool: list[str] = []
_ends: list[str] = []
# The last millisecond in which an id was made, and how the ids of that one begin.
_begun: tuple[int, str] = (-1, "")


def new_time_uuid() -> str:
    """A version 7 UUID as text: 36 characters, with dashes, in the order of their milliseconds.

    What is kept by such ids grows at one end, which is cheaper than to grow everywhere. 74 bits are random.
    """
    global _begun  # noqa: PLW0603 (a memory of the last call, replaced as a whole)
    now = time.time_ns() // 1_000_000
    millisecond, start = _begun
    if millisecond != now:
        digits = f"{now:012x}"
        start = f"{digits[:8]}-{digits[8:]}-7"
        _begun = (now, start)
    try:
        return start + _ends.pop()
    except IndexError:
        digits = os.urandom(16 * _AT_ONCE).hex()
        ends = [_end(digits[at : at + 32]) for at in range(0, len(digits), 32)]
        _ends.extend(ends[1:])
        return start + ends[0]


def _end(bits: str) -> str:
    return f"{bits[:3]}-{_VARIANTS[int(bits[3], 16) & 3]}{bits[4:7]}-{bits[7:19]}"


def new_hex() -> str:
    """A version 4 UUID as 32 hexadecimal digits."""
    try:
        return _pool.pop()
    except IndexError:
        digits = os.urandom(16 * _AT_ONCE).hex()
        ids = [_version_4(digits[at : at + 32]) for at in range(0, len(digits), 32)]
        _pool.extend(ids[1:])
        return ids[0]


def _version_4(bits: str) -> str:
    return f"{bits[:12]}4{bits[13:16]}{_VARIANTS[int(bits[16], 16) & 3]}{bits[17:]}"


def _forget() -> None:
    """A process that is forked off must not give out the ids that are left to its parent."""
    _pool.clear()
    _ends.clear()


os.register_at_fork(after_in_child=_forget)
