"""Ids that nobody can guess or meet twice: version 4 UUIDs."""

from __future__ import annotations

import os

# How many are made of one call to the system, which on some machines costs more than a whole prediction.
_AT_ONCE = 256
_VARIANTS = "89ab"

# Random bits in hexadecimal, 32 digits an id. Threads may take from it at the same time.
_pool: list[str] = []


def new_uuid() -> str:
    """A UUID as text: 36 characters, with dashes."""
    bits = new_hex()
    return f"{bits[:8]}-{bits[8:12]}-{bits[12:16]}-{bits[16:20]}-{bits[20:]}"


def new_hex() -> str:
    """A UUID as 32 hexadecimal digits."""
    try:
        bits = _pool.pop()
    except IndexError:
        digits = os.urandom(16 * _AT_ONCE).hex()
        _pool.extend(digits[at : at + 32] for at in range(32, len(digits), 32))
        bits = digits[:32]
    return f"{bits[:12]}4{bits[13:16]}{_VARIANTS[int(bits[16], 16) & 3]}{bits[17:]}"


# A process that is forked off must not give out the ids that are left to its parent.
os.register_at_fork(after_in_child=_pool.clear)
