"""What may be done to users, whoever asks for it: the command line, or an administrator over HTTP."""

from __future__ import annotations

from werkzeug.security import generate_password_hash

from api.errors import BadUser, UserExists
from api.storage.users import Role, Users

SHORTEST = 8
LONGEST = 1000
LONGEST_NAME = 100
# The columns of a terminal, or the lines of a file: a name is neither broken nor mixed up with another.
IN_NAMES = "._@+-"


class UserChanges:
    """Adds and changes users in the name of `by`; `taken` is the name in the settings.

    Every method raises StorageUnavailable where the database is away.
    """

    def __init__(self, users: Users, taken: str, by: str) -> None:
        self._users = users
        self._taken = taken
        self._by = by

    def check_name(self, name: str) -> None:
        """Raise BadUser for a name that will not do, and UserExists for one that somebody has."""
        right = name.isprintable() and all(one.isalnum() or one in IN_NAMES for one in name)
        if not right or not 1 <= len(name) <= LONGEST_NAME:
            raise BadUser(
                f"A name has 1 to {LONGEST_NAME} letters, digits and {IN_NAMES}; {name[:100]!r} will not do."
            )
        if name == self._taken or self._users.find(name) is not None:
            raise UserExists(name)

    def add(self, name: str, password: str, role: Role) -> None:
        """Add a user; raises BadUser or UserExists."""
        self.check_name(name)
        self._users.add(name, _hashed(password), role, self._by)

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password, which ends the user's tokens; raises BadUser or UnknownUser."""
        self._users.set_password(name, _hashed(password), self._by)

    def set_role(self, name: str, role: Role) -> None:
        """Give a user another role; raises UnknownUser."""
        self._users.set_role(name, role, self._by)

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Let a user in no more, or again; raises UnknownUser."""
        self._users.set_disabled(name, disabled, self._by)


def check_password(password: str) -> None:
    """Raise BadUser for a password that will not do."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadUser(f"A password has {SHORTEST} to {LONGEST} characters: nothing was changed.")
    if not _can_be_sent(password):
        raise BadUser("A password has no half of a character: nothing was changed.")


def _hashed(password: str) -> str:
    check_password(password)
    return generate_password_hash(password)


def _can_be_sent(password: str) -> bool:
    """Whether it is text that a header could carry: JSON can hold half of a surrogate pair."""
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True
