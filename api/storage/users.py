"""Who may sign in beside the pair in the settings, what each may do, and the key that signs tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, func, insert, select, update

from api.errors import UnknownUser, UserExists
from api.storage.access import add_if_new, now, reading, writing
from api.storage.tables import KEYS, USER_EVENTS, USERS


class Role(StrEnum):
    """What somebody may do; each may do what those before it may."""

    PREDICT = "predict"
    TRAIN = "train"
    ADMIN = "admin"

    def may(self, needed: Role) -> bool:
        """Whether this role is the needed one or more."""
        return _ORDER[self] >= _ORDER[needed]


_ORDER = {role: place for place, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Account:
    """A user: `password` is a salted hash, `stamp` another text whenever what was signed in with is void."""

    name: str
    password: str
    role: Role
    stamp: str
    made_at: str
    disabled: bool


class Users:
    """The users. Every method raises StorageUnavailable where the database is away.

    Each change is noted with who made it, and gives another `newest` number.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, name: str) -> Account | None:
        """The user of that name, disabled or not."""
        # No name has such a character, and Postgres takes none in a query.
        if "\0" in name:
            return None
        with reading(self._engine) as connection:
            row = connection.execute(select(USERS).where(USERS.c.name == name)).mappings().first()
        return None if row is None else _account(row)

    def all(self) -> list[Account]:
        """Every user, in alphabetical order."""
        with reading(self._engine) as connection:
            return [
                _account(row) for row in connection.execute(select(USERS).order_by(USERS.c.name)).mappings()
            ]

    def add(self, name: str, password: str, role: Role, by: str) -> None:
        """Add a user with a hashed password; raises UserExists."""
        values = {
            "name": name,
            "password": password,
            "role": str(role),
            "stamp": _new_stamp(),
            "made_at": now(),
            "disabled": 0,
        }
        with writing(self._engine) as connection:
            if not add_if_new(connection, USERS, values):
                raise UserExists(name)
            connection.execute(insert(USER_EVENTS).values(_event(name, f"added as {role}", by)))

    def set_password(self, name: str, password: str, by: str) -> None:
        """Give a user another hashed password; raises UnknownUser."""
        self._change(name, "password", by, password=password, stamp=_new_stamp())

    def set_role(self, name: str, role: Role, by: str) -> None:
        """Give a user another role; raises UnknownUser."""
        self._change(name, f"role {role}", by, role=str(role))

    def set_disabled(self, name: str, disabled: bool, by: str) -> None:
        """Let a user in no more, or again; raises UnknownUser."""
        what = "disabled" if disabled else "enabled"
        self._change(name, what, by, disabled=int(disabled), stamp=_new_stamp())

    def newest(self) -> int:
        """A number that grows with each change: equal numbers mean that nothing was changed in between."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(USER_EVENTS.c.id))).scalar() or 0

    def key(self, name: str) -> str:
        """A secret that is made when it is first asked for, the same for every process."""
        with writing(self._engine) as connection:
            add_if_new(connection, KEYS, {"name": name, "secret": secrets.token_hex(32)})
            return str(connection.execute(select(KEYS.c.secret).where(KEYS.c.name == name)).scalar_one())

    def _change(self, name: str, what: str, by: str, **values: Any) -> None:
        with writing(self._engine) as connection:
            changed = connection.execute(update(USERS).where(USERS.c.name == name).values(values)).rowcount
            if not changed:
                raise UnknownUser(name)
            connection.execute(insert(USER_EVENTS).values(_event(name, what, by)))


def _account(row: Any) -> Account:
    values = dict(row)
    return Account(**values | {"role": Role(values["role"]), "disabled": bool(values["disabled"])})


def _event(name: str, what: str, by: str) -> dict[str, str]:
    return {"name": name, "what": what, "at": now(), "by": by[:200]}


def _new_stamp() -> str:
    return secrets.token_hex(8)
