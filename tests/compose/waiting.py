"""Waiting for a condition, never for a length of time."""

import time
from collections.abc import Callable

PATIENCE = 120.0


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Return as soon as `holds` does; fail, naming `what`, when patience runs out."""
    give_up = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > give_up:
            raise AssertionError(f"waited {PATIENCE:.0f} s in vain: {what}")
        time.sleep(0.1)
