"""Clients that keep asking while the service stops, and what became of each request."""

import base64
import http.client
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from tests.compose.curl import SAMPLE_PAIR

CREDENTIALS = "Basic " + base64.b64encode(SAMPLE_PAIR.encode()).decode()
MOST_REQUESTS = 20_000
FAILURES_UNTIL_GONE = 5


class Outcome(Enum):
    """How one request ended, as its client saw it."""

    ANSWERED = "status 200 and every byte of the body"
    REFUSED = "no connection"
    UNANSWERED = "a connection, and not one byte of an answer"
    CUT = "a part of an answer"
    WRONG = "a whole answer that is not a 200"


@dataclass
class Tally:
    """The requests of one client by how they ended; ids as the server may have logged them."""

    ids: dict[Outcome, list[str]] = field(default_factory=lambda: {outcome: [] for outcome in Outcome})

    def count(self, outcome: Outcome) -> int:
        """How many ended so."""
        return len(self.ids[outcome])


@dataclass(frozen=True)
class Target:
    """What is asked for, and where."""

    host: str
    port: int
    path: str


class Client(threading.Thread):
    """Asks again and again, on one connection or on a new one each time, until nobody is there."""

    def __init__(self, name: str, target: Target, *, keep_alive: bool) -> None:
        super().__init__(name=name, daemon=True)
        self._target = target
        self._keep_alive = keep_alive
        self.tally = Tally()

    def run(self) -> None:
        """Ask until refused, or until the bound."""
        connection = self._connection()
        failures = 0
        for request_id in self._ids():
            if not self._keep_alive or failures:
                connection.close()
                connection = self._connection()
            outcome = ask(connection, self._target.path, request_id)
            self.tally.ids[outcome].append(request_id)
            failures = 0 if outcome is Outcome.ANSWERED else failures + 1
            if failures == FAILURES_UNTIL_GONE:
                break
        connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._target.host, self._target.port, timeout=20)

    def _ids(self) -> Iterator[str]:
        return (f"{self.name}-{number}" for number in range(MOST_REQUESTS))


def ask(connection: http.client.HTTPConnection, path: str, request_id: str) -> Outcome:
    """Send one request and say how it ended."""
    headers = {"Authorization": CREDENTIALS, "X-Request-ID": request_id}
    try:
        if connection.sock is None:
            connection.connect()
    except OSError:
        return Outcome.REFUSED
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
    except ConnectionError:
        return Outcome.UNANSWERED
    except (OSError, http.client.HTTPException):
        return Outcome.CUT
    try:
        response.read()
    except (OSError, http.client.HTTPException):
        return Outcome.CUT
    return Outcome.ANSWERED if response.status == 200 else Outcome.WRONG


def start_clients(target: Target, count: int) -> list[Client]:
    """Start `count` clients, every other one keeping its connection; no two ever share an id."""
    run = uuid.uuid4().hex
    clients = [Client(f"{run}-{number}", target, keep_alive=bool(number % 2)) for number in range(count)]
    for client in clients:
        client.start()
    return clients


def ended(clients: list[Client], outcome: Outcome) -> list[str]:
    """The ids of all requests that ended so."""
    return [request_id for client in clients for request_id in client.tally.ids[outcome]]
