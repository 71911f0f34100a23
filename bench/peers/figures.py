"""What the kept turns say: medians over the rounds with their spread, and who is best."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.peers.ours import OURS
from bench.peers.peer import GET, MANY, MANY_OBJECTS, POST, Peer
from bench.peers.peers import RIVALS

Turns = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, smallest and largest of the rounds."""

    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of work on one model: who, what, with how many connections and server processes."""

    peer: str
    kind: str
    model: str
    connections: int = 16
    processes: int = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests a second, and latencies in milliseconds."""

    rate: Spread
    p50: Spread
    p99: Spread


def spread(values: Iterable[float]) -> Spread | None:
    """None of nothing."""
    found = sorted(values)
    return Spread(statistics.median(found), found[0], found[-1]) if found else None


def cell_of(turns: Turns, cell: Cell) -> Figures | None:
    """What the rounds found; None where it was not measured, or failed."""
    wanted = (cell.kind, cell.model, cell.connections)
    found = [
        one
        for turn in turns.values()
        if (turn["peer"], turn["processes"]) == (cell.peer, cell.processes)
        for one in turn.get("cells", ())
        if (one["kind"], one["model"], one["connections"]) == wanted and one["requests_per_second"]
    ]
    rate, p50, p99 = (spread(one[name] for one in found) for name in ("requests_per_second", "p50", "p99"))
    return Figures(rate, p50, p99) if rate and p50 and p99 else None


def faster(turns: Turns, peer: str, model: str, connections: int = 16) -> tuple[str, Figures] | None:
    """A server's figures for one row, by GET or by POST, whichever it answers more often."""
    found = [(kind, cell_of(turns, Cell(peer, kind, model, connections))) for kind in (GET, POST)]
    known = [(kind, figures) for kind, figures in found if figures]
    return max(known, key=lambda one: one[1].rate.median, default=None)


def many(turns: Turns, peer: str, model: str) -> Figures | None:
    """A server's figures for 1,000 rows in the form of its that is fastest."""
    found = [cell_of(turns, Cell(peer, kind, model)) for kind in (MANY, MANY_OBJECTS)]
    known = [one for one in found if one]
    return max(known, key=lambda one: one.rate.median, default=None)


def best_rate(turns: Turns, model: str) -> tuple[str, float] | None:
    """Who of the rivals answers most single rows a second, and how many."""
    found = {peer.name: faster(turns, peer.name, model) for peer in RIVALS if peer.rival}
    return _largest({name: one[1].rate.median for name, one in found.items() if one})


def best_p99(turns: Turns, model: str) -> float | None:
    """The smallest p99 of one row that any rival has, at 16 connections, in milliseconds."""
    kinds = [Cell(peer.name, kind, model) for peer in RIVALS if peer.rival for kind in (GET, POST)]
    found = [one.p99.median for one in (cell_of(turns, cell) for cell in kinds) if one]
    return min(found, default=None)


def p99_of_fastest(turns: Turns, model: str) -> float | None:
    """The p99 of the rival that answers most single rows a second, in milliseconds."""
    best = best_rate(turns, model)
    found = faster(turns, best[0], model) if best else None
    return found[1].p99.median if found else None


def best_many(turns: Turns, model: str) -> tuple[str, float] | None:
    """Who of the rivals answers most batches of 1,000 rows a second, and how many."""
    found = {peer.name: many(turns, peer.name, model) for peer in RIVALS if peer.rival}
    return _largest({name: one.rate.median for name, one in found.items() if one})


def limit(turns: Turns, constant_answer: Peer, model: str) -> float | None:
    """One over the time of a constant answer and the time of the compiled model alone, in answers/s."""
    constant = cell_of(turns, Cell(constant_answer.name, GET, "logistic"))
    alone = alone_of(turns, model)
    return 1 / (1 / constant.rate.median + alone.median / 1e6) if constant and alone else None


def alone_of(turns: Turns, model: str) -> Spread | None:
    """Microseconds of the compiled model alone."""
    return spread(turn["alone"][model] for turn in turns.values() if "alone" in turn)


def of_start(turns: Turns, peer: str, figure: str, place: int | None = None) -> Spread | None:
    """A figure of starts with the first model and one process: `seconds`, `fresh` or `after` at a place."""
    found = [
        turn[figure] if place is None else turn[figure][place]
        for turn in turns.values()
        if (turn["peer"], turn["served"], turn["processes"]) == (peer, ["logistic"], 1) and figure in turn
    ]
    return spread(found)


def longest_rest(turns: Turns) -> float | None:
    """Seconds for which Bouquet's processes went on at most when a figure had been taken."""
    found = [
        cell["rested"]
        for turn in turns.values()
        if turn["peer"] == OURS.name
        for cell in turn.get("cells", ())
        if "rested" in cell
    ]
    return max(found, default=None)


def failures(turns: Turns) -> list[str]:
    """A sentence for each server and model that could not be measured."""
    failed = [one for one in turns.values() if "failed" in one]
    return sorted({f"{one['peer']}, {', '.join(one['served'])}: {one['failed']}" for one in failed})


def ours(turns: Turns, model: str) -> Figures | None:
    """GET of one row at 16 connections."""
    return cell_of(turns, Cell(OURS.name, GET, model))


def _largest(found: Mapping[str, float]) -> tuple[str, float] | None:
    return max(found.items(), key=lambda one: one[1], default=None)
