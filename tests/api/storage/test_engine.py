"""The database engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from api.predictions.drain import Drainer
from api.predictions.spool import Spool
from api.storage.engine import give_way, make_tables, open_engine
from api.storage.predictions import Predictions

LINES = 400


@pytest.mark.parametrize("gives_way", [False, True])
def test_who_drains_lets_others_run_within_a_transaction(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gives_way: bool
) -> None:
    """More than once, and nobody else does; what is recorded is the same."""
    given: list[None] = []
    monkeypatch.setattr(os, "sched_yield", lambda: given.append(None))
    engine = open_engine("", tmp_path)
    if gives_way:
        give_way(engine)
    make_tables(engine)
    spool, predictions = Spool(tmp_path / "spool"), Predictions(engine)
    given.clear()
    for number in range(LINES):
        head = f'["{number:036}",0,1,1.5,0.1,"ada","/api/v1.0","iris","1"]'
        spool.append(f'{head}\t{{"a":[1.0]}}\t["b"]\t\n'.encode())
    Drainer(spool, predictions).drain()
    assert predictions.count("iris", "1", "1970-01-01T00:00:00.000000Z") == LINES
    assert (len(given) > 3) == gives_way
    engine.dispose()
