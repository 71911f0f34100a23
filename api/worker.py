"""The door of the workers: takes trainings from the queue and does them until it is stopped."""

from __future__ import annotations

import os
import sys

from api import logs
from api.bootstrap.workers import run_queue_worker
from api.config import read_settings
from api.errors import BouquetError


def main() -> int:
    """Work until stopped; returns the exit status, 2 where the settings do not allow it."""
    logs.configure()
    try:
        run_queue_worker(read_settings(os.environ))
    except BouquetError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 (a door's last words)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
