"""The command line's part of training: the arguments of `import`. It imports no scikit-learn."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

# What `add_subparsers` gives; argparse does not export its type.
Commands = Any


def add_import(commands: Commands) -> argparse.ArgumentParser:
    """The arguments of `import`."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "import", help="take a fitted scikit-learn model into the house"
    )
    parser.add_argument("file", type=Path, help="a .skops file; or a .joblib or .pkl with --trust-pickle")
    parser.add_argument("--name", required=True, help="what the model is called in addresses: wine")
    parser.add_argument("--data", type=Path, help="a CSV file like the one it was fitted to")
    parser.add_argument("--target", help="the column of the CSV file that the model predicts")
    parser.add_argument("--title", help="what people call the model")
    parser.add_argument("--description", help="what the model is for, in a sentence")
    parser.add_argument(
        "--trust-pickle",
        action="store_true",
        help="read a pickle, which runs whatever it holds: only where you know who made it",
    )
    return parser
