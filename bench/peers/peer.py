"""What is said of a server that is measured, and what one start of it is to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers.cases import CASES
from bench.peers.environments import FOLDER
from bench.peers.wire import Form, Reader

SERVERS = Path(__file__).parent / "servers"
MODELS = FOLDER / "models"

# Kinds of work.
GET, POST, MANY, MANY_OBJECTS = "GET", "POST", "1,000 rows", "1,000 rows as objects"


@dataclass(frozen=True, slots=True)
class Start:
    """What one start of a server is to do: the models, how many processes, the port, a folder of its own."""

    served: tuple[str, ...]
    processes: int
    port: int
    folder: Path


@dataclass(frozen=True, slots=True)
class Peer:
    """A server: `command` starts it, `forms` ask it, `read` reads its answers.

    `together` says that one process serves several models; `packages` are what its environment is known by;
    `before` makes what a start needs; `cases` and `connections` narrow what is measured. One that is no
    `rival` is left out where the best of the others is asked for.
    """

    name: str
    environment: str
    packages: tuple[str, ...]
    command: Callable[[Start], Sequence[str]]
    forms: Mapping[str, Form]
    read: Reader
    note: str
    settings: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[Start], None] = lambda start: None
    working: Path = SERVERS
    together: bool = False
    rival: bool = True
    only: tuple[str, ...] = tuple(case.name for case in CASES)
    connections: tuple[int, ...] = (1, 16, 64)
