"""What the kept turns of the measurements say: medians, the best peer, what is met and what missed."""

from __future__ import annotations

from typing import Any

import pytest

from bench.peers.cases import CASES
from bench.peers.figures import Cell, Spread, best_many, best_p99, best_rate, cell_of, faster, limit
from bench.peers.ours import AT_ONCE, CONSTANT
from bench.peers.peer import GET, MANY, MANY_OBJECTS, POST
from bench.peers.plan import Settings
from bench.peers.section import section
from bench.peers.targets import targets, targets_table


def cell(kind: str, model: str, rate: float, p99: float, connections: int = 16) -> dict[str, Any]:
    """A cell as it is kept."""
    figures = {"requests_per_second": rate, "p50": p99 / 2, "p99": p99}
    return {"kind": kind, "model": model, "connections": connections, **figures}


def turn(peer: str, *cells: dict[str, Any], served: tuple[str, ...] = ("logistic",)) -> dict[str, Any]:
    """A turn as it is kept."""
    about = {"peer": peer, "processes": 1, "served": list(served), "seconds": 0.8}
    return about | {"fresh": [90.0, 120.0], "after": [100.0, 140.0], "cells": list(cells)}


def rounds(ours: float = 20_000, p99: float = 2.0) -> dict[str, dict[str, Any]]:
    """Two rounds of the service, of the limit and of two peers, every model like the others."""
    found: dict[str, dict[str, Any]] = {}
    names = tuple(case.name for case in CASES)
    for number, factor in ((1, 0.9), (2, 1.1)):
        mine = [cell(GET, name, ours * factor, p99) for name in names]
        mine += [cell(MANY, name, 900 * factor, 20) for name in names]
        mine += [cell(MANY_OBJECTS, name, 300 * factor, 60) for name in names]
        found[f"{number} Bouquet"] = turn("Bouquet", *mine)
        constant = turn("a constant answer", cell(GET, "logistic", 50_000 * factor, 1))
        found[f"{number} constant"] = constant | {"alone": dict.fromkeys(names, 10.0 * factor)}
        at_once = turn("a constant answer, at once", cell(GET, "logistic", 100_000 * factor, 1))
        found[f"{number} constant, at once"] = at_once
        hand = [cell(GET, name, 1000 * factor, 10) for name in names]
        hand += [cell(POST, name, 1100 * factor, 12) for name in names]
        found[f"{number} FastAPI"] = turn("FastAPI", *hand, *(cell(MANY, name, 100, 90) for name in names))
        tensors = [cell(POST, name, 1500 * factor, 40) for name in names]
        found[f"{number} MLServer"] = turn(
            "MLServer", *tensors, *(cell(MANY, name, 500 * factor, 30) for name in names)
        )
    return found


def test_a_figure_is_the_median_of_the_rounds_with_their_spread() -> None:
    """The rate of one cell, from the smallest round to the largest."""
    found = cell_of(rounds(), Cell("FastAPI", GET, "forest"))
    assert found is not None
    assert found.rate == Spread(1000.0, 900.0, 1100.0)
    assert cell_of(rounds(), Cell("FastAPI", GET, "forest", connections=64)) is None


def test_a_round_without_an_answer_has_no_figures() -> None:
    """Nothing is divided by its rate."""
    silent = {"1 BentoML": turn("BentoML", cell(MANY, "forest", 0, 0))}
    assert cell_of(silent, Cell("BentoML", MANY, "forest")) is None
    assert "BentoML" in section(rounds() | silent, Settings(2, 2, ()))


def test_a_peer_counts_with_the_form_it_is_faster_in() -> None:
    """POST, where it is answered more often than GET."""
    found = faster(rounds(), "FastAPI", "mixed")
    assert found is not None
    assert (found[0], found[1].rate.median) == (POST, 1100.0)


def test_the_best_peer_is_another_one_for_each_figure() -> None:
    """Most answers of one, the shortest wait of another; the service and the limit are no peers."""
    assert best_rate(rounds(), "boosting") == ("MLServer", 1500.0)
    assert best_p99(rounds(), "boosting") == 10
    assert best_many(rounds(), "boosting") == ("MLServer", 500.0)


def test_the_limit_is_one_over_both_times() -> None:
    """20 µs of a constant answer and 10 of the model are 33,333 answers a second; 10 and 10 are 50,000."""
    found = [limit(rounds(), one, "logistic") for one in (CONSTANT, AT_ONCE)]
    assert [one and round(one) for one in found] == [33_333, 50_000]
    assert "| 10.0 | 20000 | 33333 | **0.60** | 50000 | **0.40** |" in section(rounds(), Settings(2, 2, ()))


def test_each_target_is_met_or_missed_by_the_figures() -> None:
    """The same rounds, with a service that is fast enough and one that is not."""
    assert [one.met for one in targets(rounds()) if one.bound is not None] == [True] * 7
    slow = [one.met for one in targets(rounds(ours=10_000, p99=3.0)) if one.bound is not None]
    assert slow == [False, True, False, False, True, True, True]


def test_where_nothing_is_asked_for_nothing_is_met_or_missed() -> None:
    """The stricter limit is told and no more."""
    (told,) = [one for one in targets(rounds()) if one.bound is None]
    assert told.reached == (pytest.approx(0.4),) * len(CASES)
    assert (told.met, told.verdict) == (None, "")


def test_a_figure_that_is_missing_is_neither_met_nor_missed() -> None:
    """A model that was not measured leaves its line open."""
    found = {key: one for key, one in rounds().items() if one["peer"] != "a constant answer"}
    assert targets(found)[3].met is None
    assert "not known" in targets_table(found)
    assert targets_table(rounds()).count("**met**") == 7


def test_the_section_begins_with_the_targets_and_says_what_failed() -> None:
    """The report is made of what is kept, without measuring."""
    failed = {"peer": "vetiver", "processes": 1, "served": ["mixed"], "failed": "there was no 200"}
    written = section(rounds() | {"1 vetiver": failed}, Settings(2, 2, ()))
    assert written.index("asked for") < written.index("### One row")
    assert "Not measured: vetiver, mixed: there was no 200" in written
    assert "POST 1500 (1350-1650), 40.0 **x 13.3**" in written
    assert "2 rounds of 2 s" in written
