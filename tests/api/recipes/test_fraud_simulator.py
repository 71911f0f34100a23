"""The fraud simulator: its money adds up, it repeats itself, and no simple rule finds the fraud."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.__main__ import main
from api.recipes.fraud_simulator import COLUMNS, STEPS, simulate, write_csv
from api.recipes.simulation.ledger import UNKNOWN, Ledger
from api.recipes.simulation.money import CASH_OUT, CUSTOMER, RECEIVERS, TRANSFER, TYPES, Booked, Orders
from tests.services import ROOT

MONTH = 300_000
OURS = RECEIVERS.index(CUSTOMER)


def text_of(rows: int, seed: int) -> str:
    """The CSV as one text."""
    out = io.StringIO()
    write_csv(rows, seed, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def month() -> list[Booked]:
    """The steps of a month large enough to count in."""
    return list(simulate(MONTH, seed=1))


def in_one(steps: list[Booked]) -> tuple[Orders, dict[str, np.ndarray]]:
    """All orders of some steps, and what was booked beside them."""
    parts = {
        name: np.concatenate([getattr(one.orders, name) for one in steps])
        for name in ("kind", "amount", "customer", "receiver", "to", "fraud")
    }
    beside = {name: np.concatenate([getattr(one, name) for one in steps]) for name in ("old", "new")}
    beside["step"] = np.repeat([one.step for one in steps], [len(one.orders) for one in steps])
    return Orders(**parts), beside


@settings(max_examples=25, deadline=None)
@given(rows=st.integers(1, 6000), seed=st.integers(0, 2**63 - 1))
def test_balances_add_up_to_the_cent(rows: int, seed: int) -> None:
    """Of any file: each row's balances differ by its amount, and each account goes on where it stopped."""
    records = list(csv.DictReader(io.StringIO(text_of(rows, seed))))
    assert len(records) == rows
    balances: dict[str, int] = {}
    for row in records:
        amount, old, new = (cents(row[name]) for name in ("amount", "oldbalanceOrg", "newbalanceOrig"))
        assert amount > 0
        assert new == old + (amount if row["type"] == "CASH_IN" else -amount)
        assert min(old, new) >= 0
        assert balances.get(row["nameOrig"], old) == old
        assert row["nameOrig"] != row["nameDest"]
        balances[row["nameOrig"]] = new
        known = row["nameDest"].startswith("C")
        assert known == bool(row["oldbalanceDest"]) == bool(row["newbalanceDest"])
        if known:
            old, new = cents(row["oldbalanceDest"]), cents(row["newbalanceDest"])
            assert row["type"] == "TRANSFER"
            assert new == old + amount
            assert balances.get(row["nameDest"], old) == old
            balances[row["nameDest"]] = new


def cents(text: str) -> int:
    """An amount with two decimals in cents, without going through a float."""
    whole, _, part = text.partition(".")
    assert len(part) == 2
    return int(whole + part)


def test_several_changes_of_one_account_in_a_step_are_booked_in_turn() -> None:
    """An account that pays once and receives twice has each balance after the rows before it."""
    ledger = Ledger(np.array([1000, 500, 0]))
    orders = Orders(
        kind=np.array([TRANSFER, TRANSFER, TRANSFER]),
        amount=np.array([500, 300, 1000]),
        customer=np.array([1, 2, 0]),
        receiver=np.array([OURS, OURS, OURS]),
        to=np.array([2, 0, 2]),
        fraud=np.zeros(3, dtype=bool),
    )
    booked = ledger.book(7, orders)
    assert booked.old.tolist() == [500, 500, 1300]
    assert booked.new.tolist() == [0, 200, 300]
    assert booked.receiver_old.tolist() == [0, 1000, 200]
    assert booked.receiver_new.tolist() == [500, 1300, 1200]
    assert ledger.balances.tolist() == [300, 0, 1200]


def test_the_balances_of_other_banks_are_not_known() -> None:
    """A receiver that is no customer changes nothing in the ledger."""
    ledger = Ledger(np.array([1000]))
    one = np.array([1])
    orders = Orders(one * CASH_OUT, one * 400, one * 0, one * RECEIVERS.index("A"), one * 5, one == 0)
    booked = ledger.book(1, orders)
    assert (booked.receiver_old[0], booked.receiver_new[0]) == (UNKNOWN, UNKNOWN)
    assert ledger.balances.tolist() == [600]


def test_nobody_orders_twice_in_a_step(month: list[Booked]) -> None:
    """The amounts were looked at against the balances of the step's beginning, so there is one for each."""
    assert all(len(np.unique(one.orders.customer)) == len(one.orders) for one in month)


def test_fraud_is_rare_and_only_where_money_leaves(month: list[Booked]) -> None:
    """About 0.13 % of rows, all of them transfers and cash taken out, on every day."""
    orders, beside = in_one(month)
    assert orders.fraud.mean() == pytest.approx(0.0013, rel=0.15)
    assert set(orders.kind[orders.fraud]) == {CASH_OUT, TRANSFER}
    assert len(np.unique(beside["step"][orders.fraud] // 24)) >= STEPS // 24


def test_all_types_and_receivers_are_there(month: list[Booked]) -> None:
    """Each type is a few per cent at least; money goes to everybody it can go to."""
    orders, _ = in_one(month)
    shares = np.bincount(orders.kind, minlength=len(TYPES)) / len(orders)
    assert shares.min() > 0.03
    assert set(orders.receiver) == set(range(len(RECEIVERS)))


def test_a_simple_rule_is_wrong_in_both_directions(month: list[Booked]) -> None:
    """Honest people empty accounts too, and fraudsters take parts."""
    orders, beside = in_one(month)
    empties = np.isin(orders.kind, [CASH_OUT, TRANSFER]) & (orders.amount == beside["old"])
    assert 0.01 < orders.fraud[empties].mean() < 0.5
    assert 0.1 < empties[orders.fraud].mean() < 0.9


def test_more_is_done_by_day(month: list[Booked]) -> None:
    """Noon has many times the rows of the small hours; fraud does not keep to the day."""
    orders, beside = in_one(month)
    hours = np.bincount(beside["step"] % 24, minlength=24)
    assert hours[12] > 10 * hours[3]
    by_night = beside["step"] % 24 < 6
    assert by_night[orders.fraud].mean() > 5 * by_night.mean()


def test_two_processes_write_the_same_bytes() -> None:
    """The command gives the same file for a seed, and another for another."""
    digests = [
        hashlib.sha256(printed("--rows", "20000", "--seed", seed)).hexdigest() for seed in ("5", "5", "6")
    ]
    assert digests[0] == digests[1] != digests[2]


def test_it_takes_no_memory_for_rows() -> None:
    """Ten times the rows of the same customers take no more: it is the rows that are streamed."""
    program = (
        "import os, resource, sys\n"
        "import api.recipes.fraud_simulator as simulator\n"
        "simulator._ROWS_PER_CUSTOMER = int(sys.argv[2])\n"
        "with open(os.devnull, 'w') as out:\n"
        "    simulator.write_csv(int(sys.argv[1]), 1, out)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    small, large = (
        int(output_of(sys.executable, "-c", program, *given))
        for given in (("50000", "10"), ("500000", "100"))
    )
    assert large < small + 30_000


def output_of(*command: str) -> bytes:
    """What a command writes to standard output."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout


def printed(*arguments: str) -> bytes:
    """What `simulate fraud -` writes to standard output."""
    return output_of(sys.executable, "-m", "api", "simulate", "fraud", "-", *arguments)


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    """A file has the columns of the kind, and as many rows as asked."""
    file = tmp_path / "out.csv"
    assert main(["simulate", "fraud", "--rows", "1000", "--seed", "3", str(file)]) == 0
    lines = file.read_text(encoding="ascii").splitlines()
    assert lines[0].split(",") == list(COLUMNS)
    assert len(lines) == 1001
    assert file.read_text(encoding="ascii") == text_of(1000, 3)


def test_a_reader_that_stops_is_no_error() -> None:
    """`simulate … - | head` ends quietly."""
    command = f"{sys.executable} -m api simulate fraud - --rows 200000 | head -2"
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, check=True
    )
    assert len(ended.stdout.splitlines()) == 2
    assert ended.stderr == b""


@pytest.mark.parametrize("rows", ["0", "-3", "many", "1e6"])
def test_a_number_of_rows_that_is_none_is_refused(rows: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal says what would be right."""
    with pytest.raises(SystemExit):
        main(["simulate", "fraud", "-", "--rows", rows])
    assert "no whole number from 1" in capsys.readouterr().err or rows == "-3"


def test_names_are_those_of_accounts() -> None:
    """A letter for whose account it is and ten digits; customers act several times."""
    records = list(csv.DictReader(io.StringIO(text_of(20_000, 2))))
    assert {row["nameOrig"][0] for row in records} == {"C"}
    assert {row["nameDest"][0] for row in records} == set(RECEIVERS)
    assert all(len(row["nameOrig"]) == len(row["nameDest"]) == 11 for row in records)
    assert Counter(row["nameOrig"] for row in records).most_common(1)[0][1] > 10
