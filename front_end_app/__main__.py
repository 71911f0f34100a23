"""Door for people: `python -m front_end_app serve` and `python -m front_end_app settings`."""

from __future__ import annotations

import argparse
import os
import sys

from .config import WrongSettings, read_settings, settings_table
from .server import PortTaken, serve


def main() -> int:
    """Run one command; returns the exit code, 2 for settings that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m front_end_app", description="The front end.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve the pages until stopped")
    commands.add_parser("settings", help="print the table of settings")
    if parser.parse_args().command == "settings":
        print(settings_table())
        return 0
    try:
        return serve(read_settings(os.environ))
    except (WrongSettings, PortTaken) as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
