"""How the servers are asked, and what is read from their answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression

from bench.peers import wire
from bench.peers.cases import CASES, rows_of, table_of
from bench.peers.checks import WrongAnswer, compare
from bench.peers.environments import FOLDER
from bench.peers.peer import GET, MANY, POST
from bench.peers.peers import PEERS, RIVALS
from bench.peers.plan import Settings, cells, turns
from bench.peers.wire import Said

LOGISTIC, MIXED = CASES[0], CASES[3]
PERSON = [37.0, None, "Bern", "free"]
REQUIREMENTS = Path(wire.__file__).parent / "requirements"


def test_a_missing_value_is_left_out_of_a_query() -> None:
    """And the others are written as they are."""
    asked = wire.query("/{model}")(MIXED, [PERSON])
    assert asked.path == "/mixed?age=37.0&city=Bern&plan=free"


def test_numbers_are_one_flat_tensor_and_mixed_types_one_for_each_field() -> None:
    """Texts as BYTES, a missing number as null."""
    flat = wire.tensors(LOGISTIC, [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])["inputs"]
    assert [(one["shape"], one["data"]) for one in flat] == [
        ([2, 4], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    ]
    columns = wire.tensors(MIXED, [PERSON])["inputs"]
    assert [(one["name"], one["datatype"], one["data"]) for one in columns] == [
        ("age", "FP64", [37.0]),
        ("income", "FP64", [None]),
        ("city", "BYTES", ["Bern"]),
        ("plan", "BYTES", ["free"]),
    ]


def test_the_same_rows_are_asked_for_in_every_round() -> None:
    """They are drawn by one seed; those of other seeds differ."""
    assert rows_of(MIXED, 20) == rows_of(MIXED, 20)
    assert rows_of(LOGISTIC, 20, seed=1) != rows_of(LOGISTIC, 20, seed=2)
    assert any(row[0] is None for row in rows_of(MIXED, 200))


def test_every_form_of_every_server_can_be_asked_of_every_model() -> None:
    """Paths begin with a slash, bodies are JSON."""
    for peer in PEERS:
        for case in (one for one in CASES if one.name in peer.only):
            for kind, form in peer.forms.items():
                asked = form(case, rows_of(case, 1 if kind in (GET, POST) else 3))
                assert asked.path.startswith("/")
                assert asked.method == ("GET" if kind == GET else "POST")
                if asked.body is not None:
                    json.loads(asked.body)


def test_every_peer_has_its_pinned_versions() -> None:
    """A file to lock and one that is locked, in which every line names one version."""
    for peer in RIVALS:
        assert (REQUIREMENTS / f"{peer.environment}.in").exists()
        locked = (REQUIREMENTS / f"{peer.environment}.txt").read_text(encoding="utf-8").splitlines()
        assert all("==" in line for line in locked)


def test_a_wrong_answer_is_refused() -> None:
    """Another probability, another label, or none of both; what agrees passes."""
    rows = rows_of(LOGISTIC, 30)
    table = table_of(LOGISTIC, rows)
    pipeline = LogisticRegression().fit(table, [int(row[2] > 2.5) for row in table.tolist()])
    probabilities = pipeline.predict_proba(table).tolist()
    labels = [str(one) for one in pipeline.predict(table)]
    compare(Said(labels, probabilities), rows, LOGISTIC, pipeline, MANY)
    other = {"0": "1", "1": "0"}
    for said in (
        Said(labels, [[1 - one for one in row] for row in probabilities]),
        Said([other[one] for one in labels], None),
        Said(None, None),
    ):
        with pytest.raises(WrongAnswer, match="logistic regression"):
            compare(said, rows, LOGISTIC, pipeline, MANY)


def test_every_server_has_its_turn_in_every_round() -> None:
    """In the same order, but for two processes, once; 64 connections are for the first model."""
    found = list(turns(Settings(2, 2, ())))
    first, second = ([one.key[2:] for one in found if one.round == number] for number in (1, 2))
    assert [key for key in first if not key.endswith(" 2")] == second
    assert {one.peer.name for one in found} == {peer.name for peer in PEERS}
    assert (GET, 64) in cells(found[0], LOGISTIC)
    assert (GET, 64) not in cells(found[1], CASES[1])


def test_what_is_installed_and_kept_is_in_no_commit() -> None:
    """Below build/, which git ignores."""
    assert FOLDER.parent.name == "build"
