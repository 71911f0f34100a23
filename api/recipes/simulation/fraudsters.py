"""Fraudsters: they take over an account, move its money to mules, and have the mules cash it out.

A case is a chain of actions, each due at a step: transfers from the victim to a mule, perhaps from that mule
to a second one, and then cash taken out. Each becomes a row, and every row of a case is fraud.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.recipes.simulation.money import (
    AGENT,
    CASH_OUT,
    CUSTOMER,
    RECEIVERS,
    TRANSFER,
    Integers,
    Orders,
)
from api.recipes.simulation.people import RHYTHM, People, agents_of

SHARE = 0.0013
# Rows of an average case, by which their number is steered; measured.
_ROWS_PER_CASE = 3.0
_MULES_PER_ROW = 0.2
_BOUGHT = 0.85
# How many accounts a fraudster looks at before choosing the one with the most in it.
_LOOKED_AT = 8
# In cents: less is not worth it, more is not taken out at once.
_WORTH_IT = 25_000
_MOST_CASH = 2_000_000

_OURS, _AGENT = RECEIVERS.index(CUSTOMER), RECEIVERS.index(AGENT)

# Fraudsters work when nobody looks, and in the crowd of the day.
_HOURS = 2.2 * (RHYTHM < 12) + 0.5 + RHYTHM / RHYTHM.max()

# The ways to empty an account, how many cases go so, and the shares of what is left then that are taken in
# turn: at once, in slices, a part that nobody misses, cash straight from the victim's account.
_WAYS = (
    (0.62, TRANSFER, (1.0,)),
    (0.16, TRANSFER, (0.5, 0.6, 1.0)),
    (0.08, TRANSFER, (0.7, 0.7)),
    (0.07, TRANSFER, (0.3,)),
    (0.07, CASH_OUT, (0.9,)),
)


@dataclass(frozen=True, slots=True)
class _Action:
    """Take `share` of what `account` has, or at most `most` cents of it; a transfer goes to `mule`."""

    kind: int
    account: int
    mule: int
    share: float = 1.0
    most: int = 2**62
    passes_on: bool = False


class Fraudsters:
    """Decides in each step what fraudsters do, so that there are about `rows` rows of fraud by the end."""

    def __init__(
        self, random: np.random.Generator, people: People, balances: Integers, rows: float, steps: int
    ) -> None:
        self._random, self._people = random, people
        planned = np.cumsum([_HOURS[step % 24] for step in range(1, steps + 1)])
        self._planned = planned / planned[-1] * rows
        self._mules = random.choice(len(people), max(2, int(rows * _MULES_PER_ROW)), replace=False)
        # Many mules have an account that was opened for this and never lives; the others are recruited.
        bought = self._mules[random.random(len(self._mules)) < _BOUGHT]
        people.opened[bought], balances[bought] = steps + 1, 0
        self._due: dict[int, list[_Action]] = {}
        self._done = self._waiting = 0

    def orders(self, step: int, most: int, balances: Integers) -> Orders:
        """What they order in a step, at most `most` orders, one for each account."""
        self._begin_cases(step, balances)
        rows: list[tuple[int, int, int, int, int]] = []
        busy: set[int] = set()
        for action in self._due.pop(step, []):
            if len(rows) == most or action.account in busy:
                self._later(step, action)
                continue
            self._waiting -= 1
            amount = min(int(balances[action.account] * action.share), action.most)
            if amount < 100:
                continue
            busy.add(action.account)
            rows.append(self._row(step, action, amount))
        self._done += len(rows)
        table = np.array(rows, dtype=np.int64).reshape(len(rows), 5)
        kinds, amounts, accounts, receivers, to = table.T
        return Orders(kinds, amounts, accounts, receivers, to, np.ones(len(rows), dtype=bool))

    def _row(self, step: int, action: _Action, amount: int) -> tuple[int, int, int, int, int]:
        random = self._random
        if action.kind == CASH_OUT:
            return CASH_OUT, amount, action.account, _AGENT, int(random.integers(agents_of(self._people)))
        self._follow(step, action, amount)
        return TRANSFER, amount, action.account, _OURS, action.mule

    def _follow(self, step: int, action: _Action, amount: int) -> None:
        """What the mule does with the money: pass it on, or take it out, in parts where it is much."""
        random = self._random
        after = step + int(random.choice([1, 2, 3, 6], p=[0.5, 0.25, 0.15, 0.1]))
        kept = 1.0 if random.random() < 0.75 else float(random.uniform(0.85, 0.97))
        take = int(amount * kept)
        if not action.passes_on and random.random() < 0.2:
            second = int(random.choice(self._mules))
            if second not in (action.mule, action.account):
                self._later(
                    after - 1, _Action(TRANSFER, action.mule, second, most=take, passes_on=True), new=True
                )
                return
        parts = -(-take // _MOST_CASH)
        for part in range(min(parts, 4)):
            most = min(take - part * _MOST_CASH, _MOST_CASH)
            if random.random() < 0.3:
                most = max(most // 1000 * 1000, 100)
            self._later(after - 1 + part, _Action(CASH_OUT, action.mule, -1, most=most), new=True)

    def _begin_cases(self, step: int, balances: Integers) -> None:
        random = self._random
        missing = self._planned[min(step, len(self._planned)) - 1] - self._done - self._waiting
        for _ in range(int(random.poisson(max(0.0, missing) / _ROWS_PER_CASE))):
            victim = self._victim(step, balances)
            mule = int(random.choice(self._mules))
            if victim is None or victim == mule:
                continue
            way = int(random.choice(len(_WAYS), p=[share for share, _, _ in _WAYS]))
            _, kind, shares = _WAYS[way]
            for part, share in enumerate(shares):
                wobble = 1.0 if share == 1.0 else float(random.uniform(0.8, 1.1))
                self._later(step - 1 + part, _Action(kind, victim, mule, share * wobble), new=True)

    def _victim(self, step: int, balances: Integers) -> int | None:
        """The account with the most in it of a few; None where that is not worth it."""
        looked_at = self._random.integers(0, len(self._people), _LOOKED_AT)
        best = int(looked_at[balances[looked_at].argmax()])
        return best if balances[best] >= _WORTH_IT else None

    def _later(self, step: int, action: _Action, *, new: bool = False) -> None:
        """Let the action be due in the step after this one."""
        self._due.setdefault(step + 1, []).append(action)
        self._waiting += new
