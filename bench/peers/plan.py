"""What is measured in which order: the starts of a round, and what each is loaded with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from bench.peers.cases import Case
from bench.peers.peer import GET, MANY, MANY_OBJECTS, POST, Peer
from bench.peers.peers import PEERS

# The connections at which everything is measured; fewer and more of them on a server's first model only.
_AT = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """How long each cell is loaded, how many rounds, and which servers: all if empty."""

    seconds: int
    rounds: int
    only: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One start of one server in one round."""

    round: int
    peer: Peer
    served: tuple[str, ...]
    processes: int

    @property
    def key(self) -> str:
        """Its name among what is kept."""
        return f"{self.round} {self.peer.name} {','.join(self.served)} {self.processes}"


def settings_of_environment() -> Settings:
    """BENCH_SECONDS (2) a cell, BENCH_ROUNDS (3), BENCH_ONLY: names of servers, separated by semicolons."""
    only = tuple(name.strip() for name in os.environ.get("BENCH_ONLY", "").split(";") if name.strip())
    unknown = [name for name in only if name not in {peer.name for peer in PEERS}]
    if unknown:
        raise SystemExit(f"BENCH_ONLY: there is no {unknown[0]!r}; {', '.join(peer.name for peer in PEERS)}")
    return Settings(int(os.environ.get("BENCH_SECONDS", "2")), int(os.environ.get("BENCH_ROUNDS", "3")), only)


def turns(settings: Settings) -> Iterator[Turn]:
    """Every start, in the order in which they are made."""
    peers = [peer for peer in PEERS if not settings.only or peer.name in settings.only]
    for round_ in range(1, settings.rounds + 1):
        for peer in peers:
            first, *rest = peer.only
            groups = [(first,), *([tuple(rest)] if peer.together and rest else [(one,) for one in rest])]
            yield from (Turn(round_, peer, served, 1) for served in groups)
            # In one round: it would be a sixth of all the time.
            if round_ == 1 and len(peer.connections) > 1:
                yield Turn(round_, peer, (first,), 2)


def cells(turn: Turn, case: Case) -> list[tuple[str, int]]:
    """What is measured of a model in a turn: the kind of work, and how many connections at once."""
    ones = [kind for kind in (GET, POST) if kind in turn.peer.forms]
    if turn.processes > 1:
        return [(kind, _AT) for kind in ones]
    # By GET where there is one, as all else about one row is alike.
    around = turn.peer.connections if case.name == turn.peer.only[0] else ()
    many = [kind for kind in (MANY, MANY_OBJECTS) if kind in turn.peer.forms]
    return [(kind, _AT) for kind in (*ones, *many)] + [(ones[0], one) for one in around if one != _AT]
