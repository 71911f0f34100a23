"""The fraud simulator: a month of a bank's transactions, with fraudsters among its customers.

`docs/fraud.md` says what is simulated. Rows come step by step, an hour each, so that memory is bounded by
the number of customers and not of rows; the same seed gives the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import numpy as np

from api.recipes.simulation.fraudsters import SHARE, Fraudsters
from api.recipes.simulation.honest import HonestCustomers
from api.recipes.simulation.ledger import Ledger
from api.recipes.simulation.money import RECEIVERS, TRANSFER, TYPES, Booked, Integers, together
from api.recipes.simulation.people import PAYDAYS, RHYTHM, WEEK, population

COLUMNS = (
    *("step", "type", "amount", "nameOrig", "oldbalanceOrg", "newbalanceOrig"),
    *("nameDest", "oldbalanceDest", "newbalanceDest", "isFraud", "isFlaggedFraud"),
)
STEPS = 720
_ROWS_PER_CUSTOMER = 16
_FEWEST_CUSTOMERS = 400
# The bank's own crude rule, in cents: a transfer of this much is flagged, whoever makes it.
FLAGGED_FROM = 2_500_000


def simulate(rows: int, seed: int) -> Iterator[Booked]:
    """`rows` transactions in `STEPS` steps, those without any left out."""
    random = np.random.default_rng(seed)
    people, balances = population(random, max(_FEWEST_CUSTOMERS, rows // _ROWS_PER_CUSTOMER), STEPS)
    ledger, honest = Ledger(balances), HonestCustomers(random, people)
    fraudsters = Fraudsters(random, people, balances, rows * SHARE, STEPS)
    for step, count in enumerate(_rows_by_step(rows).tolist(), start=1):
        fraud = fraudsters.orders(step, count, balances)
        orders = together(fraud, honest.orders(step, count - len(fraud), balances, fraud.customer))
        if count:
            yield ledger.book(step, orders[random.permutation(count)])


def write_csv(rows: int, seed: int, out: IO[str]) -> None:
    """Write the transactions as a CSV with a header; amounts have two decimals.

    The balances of receivers that are no customers of the bank are not known, and their cells empty.
    """
    out.write(",".join(COLUMNS) + "\n")
    for booked in simulate(rows, seed):
        out.write("".join(_lines(booked)))


def _rows_by_step(rows: int) -> Integers:
    """How many rows each step has: more by day, on some weekdays and on paydays; together `rows`."""
    steps = np.arange(1, STEPS + 1)
    day = steps // 24
    busy = RHYTHM[steps % 24] * WEEK[day % 7] * np.where(np.isin(day + 1, PAYDAYS), 1.25, 1.0)
    until = np.rint(np.cumsum(busy) / busy.sum() * rows).astype(np.int64)
    counts: Integers = np.diff(until, prepend=0)
    return counts


def _lines(booked: Booked) -> Iterator[str]:
    orders, step = booked.orders, booked.step
    flagged = (orders.kind == TRANSFER) & (orders.amount >= FLAGGED_FROM)
    cells = zip(
        orders.kind.tolist(),
        _money(orders.amount),
        _numbers(orders.customer),
        _money(booked.old),
        _money(booked.new),
        orders.receiver.tolist(),
        _numbers(orders.to),
        _money(booked.receiver_old),
        _money(booked.receiver_new),
        orders.fraud.tolist(),
        flagged.tolist(),
        strict=True,
    )
    for kind, amount, customer, old, new, receiver, to, before, after, fraud, flag in cells:
        theirs = "," if before < 0 else f"{before:.2f},{after:.2f}"
        yield (
            f"{step},{TYPES[kind]},{amount:.2f},C{customer:010d},{old:.2f},{new:.2f},"
            f"{RECEIVERS[receiver]}{to:010d},{theirs},{fraud:d},{flag:d}\n"
        )


def _money(cents: Integers) -> list[float]:
    """Cents as an amount; exact to two decimals up to a hundred thousand billions."""
    amounts: list[float] = (cents / 100).tolist()
    return amounts


def _numbers(index: Integers) -> list[int]:
    """The numbers of accounts: not in the order in which they were made, and all different."""
    numbers: list[int] = ((index * 7_368_787 + 1_234_567_891) % 10_000_000_000).tolist()
    return numbers
