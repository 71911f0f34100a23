"""Ids that nobody can guess or meet twice: UUIDs, of random bits alone or with the time before them."""

from __future__ import annotations

import os
import re
import time

# How many are made of one call to the system, which on some machines costs more than a whole prediction.
_AT_ONCE = 256
# What stands where in random digits: a whole id, and the parts of what follows the time.
_WHOLE = re.compile("(.{12}).(...)(.)(.{15})")
_END = re.compile("(...)(.)(...)(.{12})")
# The digit that tells the variant, of which two bits are random.
_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))

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
        # 19 digits an id, and some that are left over.
        parts = _END.findall(os.urandom(10 * _AT_ONCE).hex()[: 19 * _AT_ONCE])
        ends = [f"{first}-{_VARIANT[digit]}{second}-{last}" for first, digit, second, last in parts]
        _ends.extend(ends[1:])
        return start + ends[0]


def new_hex() -> str:
    """A version 4 UUID as 32 hexadecimal digits."""
    try:
        return _pool.pop()
    except IndexError:
        parts = _WHOLE.findall(os.urandom(16 * _AT_ONCE).hex())
        ids = [f"{first}4{second}{_VARIANT[digit]}{last}" for first, second, digit, last in parts]
        _pool.extend(ids[1:])
        return ids[0]


def _forget() -> None:
    """A process that is forked off must not give out the ids that are left to its parent."""
    _pool.clear()
    _ends.clear()


os.register_at_fork(after_in_child=_forget)
