"""Of many rows candidates learn from a part, and are measured on the rows kept for choosing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from api.training.request import TrainingRequest
from api.training.tabular_candidates import candidates
from api.training.tabular_contest import hold
from api.training.tabular_known import Clock, read_csv
from api.training.tabular_split import Ground, split
from api.training.watch import Unwatched

ROWS = 150_000


def test_many_rows_are_tried_once(tmp_path: Path) -> None:
    """Every candidate is asked about all validation rows, and learns from a part that has the rare class."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(ROWS, 2))
    rare = (numbers.min(axis=1) > 1.7).astype(int)
    lines = [f"{one:.3f},{two:.3f},{is_}\n" for (one, two), is_ in zip(numbers, rare, strict=True)]
    file = tmp_path / "rare.csv"
    file.write_text("a,b,target\n" + "".join(lines))
    known = read_csv(TrainingRequest(), file, Unwatched(), Clock())
    parts = split(known.view, known.truth, lambda share: None)
    said: list[str] = []
    entrants = candidates(known.truth, None)
    ground = Ground(known.view, known.truth, parts)
    contest = hold(entrants, ground, "f1", 3600, lambda share, words: said.append(words))
    assert contest.by == "on validation rows"
    np.testing.assert_array_equal(contest.truth, known.truth.values[parts.validation])
    assert len(said) == len(entrants)
    assert all(one.score is not None and one.said is not None for one in contest.entries)
    assert not any(np.isnan(one.said).any() for one in contest.entries if one.said is not None)
    # Both numbers have to be large, which no straight line says.
    assert contest.best.candidate.name != "linear"
    assert (contest.best.score or 0) > 0.9
