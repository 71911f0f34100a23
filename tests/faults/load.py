"""Callers that ask as fast as they can, and remember each answer that they got in full."""

from __future__ import annotations

import base64
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import Engine, create_engine, text

from tests.services import DEADLINE, PASSWORD, USERNAME

CREDENTIALS = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
HEADERS = {"Authorization": f"Basic {CREDENTIALS}"}
PATH = "/api/v1.0?sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"


@dataclass
class Callers:
    """What some callers got: the ids of complete answers, and how often each other status came."""

    url: str
    stop: threading.Event = field(default_factory=threading.Event)
    ids: list[str] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)

    def ask(self) -> None:
        """Ask until told to stop; whoever is cut off connects again."""
        address = urlsplit(self.url)
        while not self.stop.is_set():
            connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
            with suppress(OSError, http.client.HTTPException):
                while not self.stop.is_set():
                    connection.request("GET", PATH, headers=HEADERS)
                    answer = connection.getresponse()
                    # Raises IncompleteRead where it breaks off: then it is no answer.
                    body = answer.read()
                    if answer.status == 200:
                        self.ids.append(json.loads(body)["id"])
                    else:
                        self.refused[answer.status] += 1
                        self.stop.wait(0.05)
            connection.close()
            # Nobody listens for a moment.
            self.stop.wait(0.02)

    def wait_for_more(self, count: int) -> None:
        """Return once so many further answers have come."""
        wanted, deadline = len(self.ids) + count, time.monotonic() + DEADLINE
        while len(self.ids) < wanted:
            assert time.monotonic() < deadline, f"only {len(self.ids)} answers of {wanted}"
            time.sleep(0.01)


@contextmanager
def calling(url: str, callers: int = 16) -> Iterator[Callers]:
    """So many callers at once, for as long as the block lasts."""
    asked = Callers(url)
    threads = [threading.Thread(target=asked.ask) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield asked
    finally:
        asked.stop.set()
        for thread in threads:
            thread.join(DEADLINE)


def recorded(engine: Engine) -> Counter[str]:
    """How often each id is in the database."""
    with engine.connect() as connection:
        return Counter(connection.execute(text("select id from predictions")).scalars())


def assert_each_is_recorded_once(url: str, ids: list[str]) -> Counter[str]:
    """Every answer is in the database in the end, and none is there twice; returns what is there.

    It is waited for as long as further ones come in.
    """
    engine = create_engine(url)
    try:
        most, deadline = -1, 0.0
        while missing := set(ids) - recorded(engine).keys():
            if len(ids) - len(missing) > most:
                most, deadline = len(ids) - len(missing), time.monotonic() + DEADLINE
            assert time.monotonic() < deadline, f"{len(missing)} of {len(ids)} answers are not on record"
            # To read them all is work, which those who bring them in should not wait for.
            time.sleep(0.1 + len(ids) / 50_000)
        found = recorded(engine)
        with engine.connect() as connection:
            counted = connection.execute(text("select sum(predictions) from prediction_counts")).scalar()
    finally:
        engine.dispose()
    assert len(set(ids)) == len(ids)
    assert set(found.values()) == {1}
    assert counted == len(found)
    return found
