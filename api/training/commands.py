"""The command line's part of training: the arguments of its commands. It imports no scikit-learn."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from api.training.request import TASKS

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


def add_train_from_file(parser: argparse.ArgumentParser) -> None:
    """The arguments of `train` for a model that is made from a CSV file."""
    parser.add_argument("--data", type=Path, help="a CSV file to learn from, with a header")
    parser.add_argument("--target", help="the column of it to predict; found by its name if left out")
    parser.add_argument("--task", choices=TASKS, help="what kind of target it is; found out if left out")
    parser.add_argument("--metric", help="what candidates are compared by: f1 or r2 if left out")
    parser.add_argument("--title", help="what people call the model")


def add_train_from_texts(parser: argparse.ArgumentParser) -> None:
    """The arguments of `train` for similar jobs on a person's own `--data`."""
    own = parser.add_argument_group(
        "similar_jobs on data of your own",
        "--data is then a CSV or TSV file with titles and descriptions, O*NET's 'Task Statements.txt', or "
        "the folder that holds it and 'Occupation Data.txt'.",
    )
    own.add_argument("--title-column", metavar="NAME", help="the column with the job titles")
    own.add_argument("--description-column", metavar="NAME", help="the column with the descriptions")
    own.add_argument(
        "--occupations", type=Path, metavar="FILE", help="O*NET's 'Occupation Data.txt' where it is elsewhere"
    )


def add_simulate(commands: Commands) -> argparse.ArgumentParser:
    """The arguments of `simulate`."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "simulate", help="make up data to train with: a month of a bank's transactions"
    )
    parser.add_argument("what", choices=["fraud"], help="what to make up")
    parser.add_argument("file", help="the CSV file to write, or - for standard output")
    parser.add_argument("--rows", type=_rows, default=1_000_000, help="how many rows (1000000)")
    parser.add_argument("--seed", type=_seed, default=1, help="another seed gives another month (1)")
    return parser


def _rows(text: str) -> int:
    return _whole(text, least=1, most=100_000_000)


def _seed(text: str) -> int:
    return _whole(text, least=0, most=2**63 - 1)


def _whole(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
    return int(text)
