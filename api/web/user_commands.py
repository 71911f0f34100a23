"""`python -m api user …`: add users, list them, change what they may do, let them in no more."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from api.errors import BadUser
from api.storage.users import Role, Users
from api.web.user_changes import UserChanges, check_password


def add_user(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command with its own commands."""
    command = commands.add_parser("user", help="add, list and change the users who may sign in")
    whats = command.add_subparsers(required=True, metavar="WHAT", dest="what")
    for what, words in (
        ("add", "add a user; the password is asked for, or read from PASSWORD or standard input"),
        ("list", "show the users"),
        ("role", "give a user another role"),
        ("password", "give a user another password, which ends the user's tokens"),
        ("disable", "let a user in no more, at once"),
        ("enable", "let a user in again"),
    ):
        one = whats.add_parser(what, help=words)
        if what != "list":
            one.add_argument("name", help="the user's name")
        roles = [str(role) for role in Role]
        if what == "add":
            one.add_argument("--role", choices=roles, default=str(Role.PREDICT), help="what the user may do")
        if what == "role":
            one.add_argument("role", choices=roles, help="what the user may do from now on")
    return command


def change_users(
    users: Users, taken: str, arguments: argparse.Namespace, password: Callable[[], tuple[str, bool]]
) -> str:
    """Do what the arguments say, and return what to print; `taken` is the name in the settings.

    `password` gives one and whether it was made up. Raises BadUser, UserExists or UnknownUser.
    """
    changes, what = UserChanges(users, taken, by="command line"), arguments.what
    if what == "list":
        return "\n".join(_line(users)) or "There are no users but the one in the settings."
    name = arguments.name
    if what == "add":
        # Before a password is asked for.
        changes.check_name(name)
        text, made_up = _checked(password())
        changes.add(name, text, Role(arguments.role))
        return f"{name} may sign in with the role {arguments.role}.{_told(text, made_up)}"
    if what == "password":
        text, made_up = _checked(password())
        changes.set_password(name, text)
        return f"{name} has another password.{_told(text, made_up)}"
    if what == "role":
        changes.set_role(name, Role(arguments.role))
        return f"{name} has the role {arguments.role}."
    changes.set_disabled(name, what == "disable")
    return f"{name} may sign in {'no more' if what == 'disable' else 'again'}."


def read_password(environ: Mapping[str, str]) -> tuple[str, bool]:
    """A password from PASSWORD, the file that PASSWORD_FILE names, a terminal or standard input.

    Where none is given one is made up, and the second value is true. Raises BadUser or OSError.
    """
    if environ.get("PASSWORD"):
        return environ["PASSWORD"], False
    if environ.get("PASSWORD_FILE"):
        text = Path(environ["PASSWORD_FILE"]).read_text(encoding="utf-8").rstrip("\r\n")
    elif sys.stdin is not None and sys.stdin.isatty():
        text = getpass.getpass("Password (empty: one is made up): ")
        if text and text != getpass.getpass("Once more: "):
            raise BadUser("The two passwords differ: nothing was changed.")
    else:
        text = sys.stdin.readline().rstrip("\r\n") if sys.stdin is not None else ""
    return (text, False) if text else (secrets.token_urlsafe(15), True)


def _checked(password: tuple[str, bool]) -> tuple[str, bool]:
    check_password(password[0])
    return password


def _told(password: str, made_up: bool) -> str:
    return f" The password is shown only here: {password}" if made_up else ""


def _line(users: Users) -> list[str]:
    return [
        f"{one.name:30}  {one.role:8}  since {one.made_at}{'  disabled' if one.disabled else ''}"
        for one in users.all()
    ]
