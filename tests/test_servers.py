"""The servers that other tests use: they keep what they are told over a stop."""

from __future__ import annotations

import redis
from sqlalchemy import create_engine, text

from tests.servers import running_postgres, running_redis


def test_postgres_keeps_its_rows_when_it_is_killed_and_started_again() -> None:
    """What was committed is there after a SIGKILL."""
    with running_postgres() as server:
        engine = create_engine(server.url, pool_pre_ping=True)
        with engine.begin() as connection:
            connection.execute(text("create table kept as select 7 as number"))
        server.kill()
        server.start()
        server.stop()
        server.start()
        with engine.connect() as connection:
            assert connection.execute(text("select number from kept")).scalar() == 7
        engine.dispose()


def test_redis_keeps_its_keys_when_it_is_stopped_and_started_again() -> None:
    """What was set is there after a stop."""
    with running_redis() as server, redis.Redis.from_url(server.url) as client:
        client.set("kept", "7")
        server.stop()
        server.start()
        assert client.get("kept") == b"7"
