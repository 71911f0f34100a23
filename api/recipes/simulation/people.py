"""The customers of the bank: what they earn, what they have, what they usually do, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.recipes.simulation.money import Flags, Integers

# The ways to live: how many live so, and how they share their orders among the types
# (cash in, cash out, debit, payment, transfer).
_LIVES = (
    (0.46, (0.18, 0.20, 0.09, 0.46, 0.07)),  # pays by card
    (0.27, (0.24, 0.46, 0.05, 0.20, 0.05)),  # lives on cash
    (0.15, (0.17, 0.16, 0.08, 0.30, 0.29)),  # sends money to others
    (0.09, (0.22, 0.16, 0.12, 0.34, 0.16)),  # saves
    (0.03, (0.20, 0.15, 0.15, 0.14, 0.36)),  # has a business
)
SAVER, BUSINESS = 3, 4

# The hours of the day (0 to 23) by how much is done in them, for somebody who is no early bird.
RHYTHM = np.array(
    [5, 3, 2, 2, 2, 4, 10, 24, 42, 56, 66, 74, 82, 74, 66, 64, 70, 82, 88, 76, 56, 38, 22, 11],
    dtype=np.float64,
)
WEEK = np.array([1.0, 0.95, 0.95, 1.0, 1.2, 1.15, 0.75])
PAYDAYS = np.array([1, 10, 15, 25, 28])
_SHARE_OF_PAYDAYS = np.array([0.35, 0.1, 0.2, 0.25, 0.1])
# By how many hours a day begins later than others'.
_SHIFTS = np.array([-2, -1, 0, 1, 2, 4, 8])
_SHARE_OF_SHIFTS = np.array([0.1, 0.2, 0.3, 0.2, 0.12, 0.06, 0.02])

# The share of accounts that are opened while we look, at a step of their own.
_NEW = 0.06


@dataclass(frozen=True, slots=True)
class People:
    """The customers, an entry each.

    `income` a month and `bill` (the usual direct debit) are in cents; `habits` (customers, 5) are the
    cumulative shares of the types; `weights` the cumulative activity; `shift` by how many hours somebody's
    day begins later; `payday` a day of the month; `opened` the step from which the account is used, 0 for
    those that were there before; `life` indexes the ways to live.
    """

    income: Integers
    bill: Integers
    habits: NDArray[np.float64]
    weights: NDArray[np.float64]
    shift: Integers
    payday: Integers
    opened: Integers
    life: Integers

    def __len__(self) -> int:
        return len(self.income)

    def is_open(self, who: Integers, step: int) -> Flags:
        """Whether their accounts are open in a step."""
        opened: Flags = self.opened[who] <= step
        return opened


def agents_of(people: People) -> int:
    """How many agents take and give cash."""
    return max(8, len(people) // 150)


def population(random: np.random.Generator, count: int, steps: int) -> tuple[People, Integers]:
    """`count` customers, and the balances in cents that they begin with."""
    life = random.choice(len(_LIVES), count, p=[share for share, _ in _LIVES])
    income = random.lognormal(np.log(2_300.0), 0.55, count)
    income[life == BUSINESS] *= random.lognormal(np.log(7.0), 0.6, int((life == BUSINESS).sum()))
    saved = random.lognormal(np.log(0.9), 1.1, count)
    saved[life == SAVER] *= 7.0
    opened = np.where(random.random(count) < _NEW, random.integers(1, steps, count), 0)
    activity = random.gamma(1.6, 1.0, count) * np.where(life == BUSINESS, 2.5, 1.0)
    shares = np.array([habits for _, habits in _LIVES])[life] * random.gamma(6.0, 1 / 6.0, (count, 5))
    habits = np.cumsum(shares, axis=1)
    people = People(
        income=_cents(income),
        bill=_cents(income * random.uniform(0.02, 0.3, count)),
        habits=habits / habits[:, -1:],
        weights=np.cumsum(activity) / activity.sum(),
        shift=random.choice(
            np.array([-2, -1, 0, 1, 2, 4, 8]), count, p=[0.1, 0.2, 0.3, 0.2, 0.12, 0.06, 0.02]
        ),
        payday=random.choice(PAYDAYS, count, p=_SHARE_OF_PAYDAYS),
        opened=opened,
        life=life,
    )
    return people, np.where(opened == 0, _cents(income * saved), 0)


def _cents(amount: NDArray[np.float64]) -> Integers:
    cents: Integers = np.rint(amount * 100).astype(np.int64)
    return cents
