"""Ids that nobody can guess or meet twice: UUIDs, of random bits alone or with the time before them."""

from __future__ import annotations

import os
import re
import time

# How many are made of one call to the system, which on some machines costs more than a whole prediction.
_AT_ONCE = 256
# Of random digits a whole id, and the parts of what follows the time, which takes one digit less than it has.
_WHOLE = re.compile(".{32}")
_END = re.compile(".(...)(....)(.{12})")
# What becomes of a byte whose first digit tells the version, or the variant, two of whose bits are random.
_VERSION = bytes(0x40 | byte & 0x0F for byte in range(256))
_VARIANT = bytes(0x80 | byte & 0x3F for byte in range(256))

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
        random = bytearray(os.urandom(10 * _AT_ONCE))
        random[2::10] = random[2::10].translate(_VARIANT)
        ends = ["-".join(parts) for parts in _END.findall(random.hex())]
        _ends.extend(ends[1:])
        return start + ends[0]


def new_hex() -> str:
    """A version 4 UUID as 32 hexadecimal digits."""
    try:
        return _pool.pop()
    except IndexError:
        random = bytearray(os.urandom(16 * _AT_ONCE))
        random[6::16] = random[6::16].translate(_VERSION)
        random[8::16] = random[8::16].translate(_VARIANT)
        ids: list[str] = _WHOLE.findall(random.hex())
        _pool.extend(ids[1:])
        return ids[0]


def _forget() -> None:
    """A process that is forked off must not give out the ids that are left to its parent."""
    _pool.clear()
    _ends.clear()


os.register_at_fork(after_in_child=_forget)
