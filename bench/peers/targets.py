"""What was asked for, beside what was reached: met or missed by the figures, not by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.peers.cases import CASES
from bench.peers.figures import (
    Turns,
    best_many,
    best_p99,
    best_rate,
    limit,
    many,
    of_start,
    ours,
    p99_of_fastest,
)
from bench.peers.ours import AT_ONCE, CONSTANT, OURS
from bench.peers.peer import Peer
from bench.report import table

MB, SECONDS = 110, 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the table; `reached` has a figure for each model, or one for all; None is not known.

    Nothing is asked for where there is no `bound`.
    """

    asked: str
    reached: tuple[float | None, ...]
    bound: float | None
    at_least: bool

    @property
    def met(self) -> bool | None:
        """Whether every figure keeps the bound; None where one is not known, or there is no bound."""
        known, bound = [one for one in self.reached if one is not None], self.bound
        if bound is None or len(known) < len(self.reached):
            return None
        return all(one >= bound if self.at_least else one <= bound for one in known)

    @property
    def verdict(self) -> str:
        """The same in words."""
        if self.bound is None:
            return ""
        return {True: "**met**", False: "**missed**", None: "not known"}[self.met]


def targets(turns: Turns) -> list[Target]:
    """All of them, in the order of the issue that asks for them."""
    memory, seconds = of_start(turns, OURS.name, "fresh", 0), of_start(turns, OURS.name, "seconds")
    return [
        Target("requests/s: times the best peer's, at least 10", _each(turns, rate_ratio), 10, True),
        Target("p99: share of that peer's, at most 0.25", _each(turns, fastest_p99_ratio), 0.25, False),
        Target("p99: share of the smallest of any peer, at most 0.25", _each(turns, p99_ratio), 0.25, False),
        Target("requests/s: share of the limit, at least 0.6", _each(turns, _share_of(CONSTANT)), 0.6, True),
        Target("the same with a constant answer at once", _each(turns, _share_of(AT_ONCE)), None, True),
        Target("1,000 rows: times the best peer's rows/s, at least 1.5", _each(turns, many_ratio), 1.5, True),
        Target(f"MB of all its processes, at most {MB}", (memory.median if memory else None,), MB, False),
        Target(
            f"seconds to its first answer, at most {SECONDS:.1f}",
            (seconds.median if seconds else None,),
            SECONDS,
            False,
        ),
    ]


def rate_ratio(turns: Turns, model: str) -> float | None:
    """GET of one row at 16 connections against the best peer's faster form."""
    mine, best = ours(turns, model), best_rate(turns, model)
    return mine.rate.median / best[1] if mine and best else None


def fastest_p99_ratio(turns: Turns, model: str) -> float | None:
    """The same work's p99 against that of the peer with most requests a second."""
    mine, best = ours(turns, model), p99_of_fastest(turns, model)
    return mine.p99.median / best if mine and best else None


def p99_ratio(turns: Turns, model: str) -> float | None:
    """The same work's p99."""
    mine, best = ours(turns, model), best_p99(turns, model)
    return mine.p99.median / best if mine and best else None


def limit_ratio(turns: Turns, constant: Peer, model: str) -> float | None:
    """The same work against one over the times of a constant answer and of the compiled model alone."""
    mine, most = ours(turns, model), limit(turns, constant, model)
    return mine.rate.median / most if mine and most else None


def many_ratio(turns: Turns, model: str) -> float | None:
    """Batches of 1,000 rows, each server's fastest form."""
    mine, best = many(turns, OURS.name, model), best_many(turns, model)
    return mine.rate.median / best[1] if mine and best else None


def targets_table(turns: Turns) -> str:
    """One line for each target, with a column for each model."""
    rows = []
    for target in targets(turns):
        alone = len(target.reached) == 1
        shown = [_shown(one) for one in target.reached] + [""] * (len(CASES) - 1 if alone else 0)
        rows.append([target.asked, *shown, target.verdict])
    return table(["asked for", *(case.title for case in CASES), ""], rows)


def _share_of(constant: Peer) -> Callable[[Turns, str], float | None]:
    return lambda turns, model: limit_ratio(turns, constant, model)


def _each(turns: Turns, ratio: Callable[[Turns, str], float | None]) -> tuple[float | None, ...]:
    return tuple(ratio(turns, case.name) for case in CASES)


def _shown(figure: float | None) -> str:
    if figure is None:
        return "-"
    return f"{figure:.0f}" if figure >= 100 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"
