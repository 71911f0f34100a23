"""The command line: `python -m api serve | train NAME | settings`."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import sys
from collections.abc import Sequence

from api import library_pages, logs
from api.config import TABLE, Settings, check_credentials, read_settings, uses_sample
from api.cpus import limit_threads
from api.errors import BouquetError
from api.training.commands import add_import, add_simulate, add_train_from_file, add_train_from_texts
from api.web.user_commands import add_user, change_users, read_password

_log = logging.getLogger("api")


def serve(settings: Settings, arguments: argparse.Namespace) -> None:
    """Answer requests until stopped."""
    # The processes that answer are forked off this one, with what it has loaded by then.
    limit_threads(os.environ, settings.api_workers)
    # Here, so that the other commands start without loading the server.
    from api.bootstrap.serving import adopt_bundled_models, drained_beside_serving, prepare
    from api.training.missing import training_missing
    from api.web.server import check_port_free, serve

    check_credentials(settings)
    if uses_sample(settings):
        _log.warning("the password is the sample one: set API_USERNAME and API_PASSWORD to your own")
    check_port_free(settings.api_host, settings.api_port)
    prepared = prepare(settings)
    adopt_bundled_models(settings)
    # What the processes share that are forked off from here on, no collection writes to: so it stays shared.
    gc.collect()
    gc.freeze()
    library_pages.let_go()
    with drained_beside_serving(settings, prepared.engine), training_missing(settings.train_missing):
        serve(settings.api_host, settings.api_port, settings.api_workers, settings.api_threads)


def train(settings: Settings, arguments: argparse.Namespace) -> None:
    """Train a model, a recipe's or one from a CSV file, and publish it as its next version."""
    from api.bootstrap.training import is_of_texts, train_file, train_own_texts, train_recipe
    from api.training.report import report

    of_texts = (arguments.title_column, arguments.description_column, arguments.occupations)
    if any(of_texts) or (arguments.data and is_of_texts(arguments.name)):
        card = train_own_texts(
            settings, arguments, lambda step: print(f"{arguments.name}: {step}", flush=True)
        )
        print(f"{report(card)}\nIt is in {settings.models_dir}.")
        return
    if arguments.data:
        outcome = train_file(
            settings, arguments, lambda words: print(f"{arguments.name}: {words}", flush=True)
        )
        for warning in outcome.report["warnings"]:
            print(f"Note: {warning}")
        print(f"{report(outcome.card)}\n{outcome.why}\nIt is in {settings.models_dir}.")
        if not outcome.better:
            print(f"It does not answer: python -m api enable {outcome.card.name} {outcome.card.version}")
        return
    card = train_recipe(settings, arguments.name, lambda step: print(f"{arguments.name}: {step}", flush=True))
    print(f"{report(card)}\nIt is in {settings.models_dir}.")


def train_missing(settings: Settings, arguments: argparse.Namespace) -> None:
    """Train the recipes of TRAIN_MISSING whose models MODELS_DIR lacks."""
    from api.bootstrap.training import missing_models, train_recipe

    # People wait for the service beside it, and for nothing here.
    os.nice(10)
    for name in missing_models(settings):
        _log.info("training %s, which %s lacks", name, settings.models_dir)
        train_recipe(settings, name, lambda step: None)


def bring(settings: Settings, arguments: argparse.Namespace) -> None:
    """Publish a fitted model from a file as the next version of a model."""
    from api.bootstrap.training import import_file
    from api.training.report import describe, report

    card = import_file(settings, arguments, lambda step: print(f"{arguments.name}: {step}", flush=True))
    print(f"{card.name} takes:\n{describe(card.schema)}\n{report(card)}\nIt is in {settings.models_dir}.")


def simulate(settings: Settings, arguments: argparse.Namespace) -> None:
    """Write made-up data as a CSV."""
    from api.recipes.fraud_simulator import write_csv

    if arguments.file != "-":
        with open(arguments.file, "w", encoding="ascii", newline="") as out:
            write_csv(arguments.rows, arguments.seed, out)
        return
    try:
        write_csv(arguments.rows, arguments.seed, sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has enough; nothing is left to be flushed when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def compilers(settings: Settings, arguments: argparse.Namespace) -> None:
    """Fit, compile and compare every kind of estimator, and print the page about it."""
    from api.training.compilers_table import compilers_page

    print(compilers_page(lambda step: print(step, file=sys.stderr, flush=True)))


def versions(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print a model's versions, newest first."""
    from api.bootstrap.commands import build_versions

    for one in build_versions(settings).at_rest(arguments.name):
        state = f"refused: {one.refused}" if one.refused else f"trained at {one.card and one.card.trained_at}"
        print(f"{'*' if one.enabled else ' '} {one.number}  {state}")
    print("* answers now")


def enable(settings: Settings, arguments: argparse.Namespace) -> None:
    """Let a version answer from now on."""
    from api.bootstrap.commands import build_versions
    from api.bootstrap.database import COMMAND_LINE

    build_versions(settings).enable(arguments.name, arguments.version, by=COMMAND_LINE)
    print(f"{arguments.name} answers with version {arguments.version}.")


def roll_back(settings: Settings, arguments: argparse.Namespace) -> None:
    """Let the version before the one that answers do so again."""
    from api.bootstrap.commands import build_versions
    from api.bootstrap.database import COMMAND_LINE

    version = build_versions(settings).roll_back(arguments.name, by=COMMAND_LINE)
    print(f"{arguments.name} answers with version {version}.")


def delete(settings: Settings, arguments: argparse.Namespace) -> None:
    """Delete a version that does not answer."""
    from api.bootstrap.commands import build_versions
    from api.bootstrap.database import COMMAND_LINE

    build_versions(settings).delete(arguments.name, arguments.version, by=COMMAND_LINE)
    print(f"Version {arguments.version} of {arguments.name} is deleted.")


def drain(settings: Settings, arguments: argparse.Namespace) -> None:
    """Do the trainings that wait, and end."""
    from api.bootstrap.workers import run_drain

    run_drain(settings)


def work(settings: Settings, arguments: argparse.Namespace) -> None:
    """Take trainings from the queue and do them until stopped."""
    from api.bootstrap.workers import run_queue_worker

    run_queue_worker(settings)


def people(settings: Settings, arguments: argparse.Namespace) -> None:
    """Add users, list them, change them."""
    from api.bootstrap.commands import build_users

    users = build_users(settings)
    print(change_users(users, settings.api_username, arguments, lambda: read_password(os.environ)))


def show_settings(settings: Settings, arguments: argparse.Namespace) -> None:
    """Print every setting with its default and its meaning."""
    rows = [("Name", "Default", "Meaning"), *((one.name, one.default or "-", one.help) for one in TABLE)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, default, meaning in rows:
        print(f"{name:{widths[0]}}  {default:{widths[1]}}  {meaning}")
    print("\nEach is an environment variable; NAME_FILE names a file to read it from instead.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api", description="The API service of Bouquet.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("serve", help="answer requests until stopped").set_defaults(run=serve)
    training = commands.add_parser("train", help="make the next version of a model")
    training.add_argument(
        "name", help="a recipe's name, iris, similar_jobs or fraud; with --data the name of the model to make"
    )
    add_train_from_file(training)
    add_train_from_texts(training)
    training.set_defaults(run=train)
    commands.add_parser(
        "train-missing", help="make the models of TRAIN_MISSING that MODELS_DIR lacks"
    ).set_defaults(run=train_missing)
    add_import(commands).set_defaults(run=bring)
    add_simulate(commands).set_defaults(run=simulate)
    commands.add_parser(
        "compilers", help="make the page docs/compilers.md: which compiler does what"
    ).set_defaults(run=compilers)
    for name, run, words, takes in (
        ("versions", versions, "show a model's versions and which one answers", ("name",)),
        ("enable", enable, "let a version answer from now on", ("name", "version")),
        ("rollback", roll_back, "let the version before answer again", ("name",)),
        ("delete", delete, "delete a version that does not answer", ("name", "version")),
    ):
        command = commands.add_parser(name, help=words)
        for argument in takes:
            command.add_argument(
                argument, help={"name": "the model's name", "version": "its number"}[argument]
            )
        command.set_defaults(run=run)
    commands.add_parser("worker", help="do the trainings that come through Redis").set_defaults(run=work)
    commands.add_parser("drain", help="do the trainings that wait, and end").set_defaults(run=drain)
    add_user(commands).set_defaults(run=people)
    commands.add_parser("settings", help="show the settings").set_defaults(run=show_settings)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit status, 2 where what was asked cannot be done."""
    parsed = _parser().parse_args(arguments)
    logs.configure()
    try:
        parsed.run(read_settings(os.environ), parsed)
    except BouquetError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
