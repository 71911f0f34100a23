"""Whether a server answers what scikit-learn does, before it is measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.peers.cases import Case, Row, fitted, rows_of, table_of
from bench.peers.peer import GET, POST, Peer
from bench.peers.running import Running
from bench.peers.wire import Said

ROWS = 50
BOUND = 1e-6


class WrongAnswer(Exception):
    """A server answered with another label or probability than scikit-learn."""


def check(peer: Peer, server: Running, case: Case, models: Path) -> None:
    """Ask for some rows in each of the server's forms; raises WrongAnswer with the first that differs."""
    rows = rows_of(case, ROWS, seed=11)
    for kind, form in peer.forms.items():
        asked = [[row] for row in rows] if kind in (GET, POST) else [rows]
        for some in asked:
            compare(peer.read(server.ask(form(case, some))), some, case, fitted(models, case), kind)


def compare(said: Said, rows: Sequence[Row], case: Case, pipeline: Any, kind: str) -> None:
    """One answer against the pipeline; raises WrongAnswer. Equal probabilities may fall to either label."""
    expected = pipeline.predict_proba(table_of(case, rows))
    if said.labels is None and said.probabilities is None:
        raise WrongAnswer(f"{kind} of {case.title}: neither labels nor probabilities")
    if said.probabilities is not None:
        given = np.asarray(said.probabilities, dtype=float)
        if given.shape != expected.shape or not np.allclose(given, expected, rtol=0, atol=BOUND):
            raise WrongAnswer(f"{kind} of {case.title}: {given[:2].tolist()}, not {expected[:2].tolist()}")
    if said.labels is not None:
        classes = [str(one) for one in pipeline.classes_]
        chosen = expected[range(len(rows)), [classes.index(label) for label in said.labels]]
        if len(said.labels) != len(rows) or (chosen < expected.max(axis=1) - BOUND).any():
            raise WrongAnswer(f"{kind} of {case.title}: the labels are {said.labels[:5]}")
