"""What only one process at a time may do."""

from __future__ import annotations

from sqlalchemy import Engine, delete, select, update

from api.storage.access import add_if_new, clock, reading, writing
from api.storage.tables import LEASES

# Whoever holds something and is silent for this long counts as dead, unless a setting says otherwise.
LEASE_SECONDS = 15.0


class Lease:
    """What only one process at a time may do, by name, for as long as it says so often enough."""

    def __init__(self, engine: Engine, name: str, owner: str, seconds: float = LEASE_SECONDS) -> None:
        self._engine = engine
        self._seconds = seconds
        self._name = name
        self._owner = owner

    def take(self) -> bool:
        """Take or keep it; False while it is another's."""
        at = clock(self._engine)
        row = {"name": self._name, "owner": self._owner, "until": at + self._seconds}
        free = (LEASES.c.owner == self._owner) | (LEASES.c.until < at)
        with writing(self._engine) as connection:
            if add_if_new(connection, LEASES, row):
                return True
            mine = update(LEASES).where(LEASES.c.name == self._name, free).values(row)
            return connection.execute(mine).rowcount == 1

    def taken(self) -> bool:
        """Whether anybody has it now."""
        query = select(LEASES.c.owner).where(
            LEASES.c.name == self._name, LEASES.c.until >= clock(self._engine)
        )
        with reading(self._engine) as connection:
            return connection.execute(query).first() is not None

    def give_up(self) -> None:
        """Let anybody take it at once."""
        mine = delete(LEASES).where(LEASES.c.name == self._name, LEASES.c.owner == self._owner)
        with writing(self._engine) as connection:
            connection.execute(mine)
