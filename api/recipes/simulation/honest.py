"""What honest customers do in a step. Some of it looks like fraud, as it does in life."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from api.recipes.simulation.money import (
    AGENT,
    BILLER,
    CASH_IN,
    CASH_OUT,
    CUSTOMER,
    DEBIT,
    MERCHANT,
    OTHER_BANK,
    PAYMENT,
    RECEIVERS,
    TRANSFER,
    Flags,
    Integers,
    Orders,
)
from api.recipes.simulation.people import BUSINESS, RHYTHM, People, agents_of

# How often somebody honest takes out or sends away all there is: a house is bought, an account closed.
_EMPTIES = {CASH_OUT: 0.004, TRANSFER: 0.012}
# Of those who want more than they have, how many take all there is instead of some of it.
_TAKES_ALL = 0.12
# Below this there is nothing to spend, in cents: money comes in.
_EMPTY = 200
_LARGE = 0.03
_TO_OTHER_BANKS = 0.3
_TO_ANYBODY = 0.2
_CIRCLE = np.array([1, 2, 5, 11, 17, 40])
_OURS, _MERCHANT, _AGENT, _BILLER, _ELSEWHERE = (
    RECEIVERS.index(one) for one in (CUSTOMER, MERCHANT, AGENT, BILLER, OTHER_BANK)
)


class HonestCustomers:
    """Draws the orders of a step."""

    def __init__(self, random: np.random.Generator, people: People) -> None:
        self._random, self._people = random, people
        self._merchants = max(20, len(people) // 25)
        self._agents = agents_of(people)
        self._billers = max(5, len(people) // 2000)
        self._elsewhere = max(50, len(people) // 3)

    def orders(self, step: int, count: int, balances: Integers, busy: Integers) -> Orders:
        """`count` orders of different customers, none of them `busy`."""
        who = self._awake(step, count, busy)
        kind = self._kinds(who, step, balances[who])
        amount = self._amounts(who, kind, step)
        amount = self._affordable(who, kind, amount, balances[who])
        receiver, to = self._receivers(who, kind, step)
        return Orders(kind, amount, who, receiver, to, np.zeros(count, dtype=bool))

    def _awake(self, step: int, count: int, busy: Integers) -> Integers:
        """Different customers, the active more often, at an hour that is theirs."""
        people, random = self._people, self._random
        taken = np.zeros(len(people), dtype=bool)
        taken[busy] = True
        found: list[Integers] = []
        missing, tries = count, 0
        while missing:
            drawn = np.searchsorted(people.weights, random.random(2 * missing + 8))
            drawn = np.minimum(drawn, len(people) - 1)
            _, at = np.unique(drawn, return_index=True)
            drawn = drawn[np.sort(at)]
            hours = (step - people.shift[drawn]) % 24
            likely = RHYTHM[hours] / (RHYTHM[hours] + RHYTHM[step % 24])
            # Where hardly anybody is left, whoever is left will do.
            fits = (random.random(len(drawn)) < likely) | (tries > 50)
            drawn = drawn[fits & ~taken[drawn] & people.is_open(drawn, step)][:missing]
            taken[drawn] = True
            found.append(drawn)
            missing, tries = missing - len(drawn), tries + 1
        return np.concatenate([np.empty(0, dtype=np.int64), *found])

    def _kinds(self, who: Integers, step: int, balances: Integers) -> Integers:
        kind = (self._random.random((len(who), 1)) > self._people.habits[who]).sum(axis=1)
        kind = np.minimum(kind, TRANSFER)
        # Wages come on the day, and whoever has nothing gets something first.
        paid = (self._people.payday[who] == step // 24 + 1) & (self._random.random(len(who)) < 0.4)
        return np.where(paid | (balances < _EMPTY), CASH_IN, kind)

    def _amounts(self, who: Integers, kind: Integers, step: int) -> Integers:
        """What each would like to move, in cents, before anybody looks at the balance."""
        random, income = self._random, self._people.income[who].astype(np.float64)
        size = random.lognormal(0.0, 1.0, len(who))
        payday = self._people.payday[who] == step // 24 + 1
        wages = income * np.where(payday, random.uniform(0.5, 1.0, len(who)), 0.12 * size)
        spread = {
            CASH_IN: wages,
            CASH_OUT: 0.06 * income * size**0.8,
            DEBIT: self._people.bill[who] * random.choice([0.25, 0.5, 1.0], len(who)),
            PAYMENT: 40.0 * np.sqrt(income) * size**0.9 / 10,
            TRANSFER: 0.1 * income * size,
        }
        amount = np.select([kind == one for one in spread], list(spread.values()))
        large = (kind == TRANSFER) & (random.random(len(who)) < _LARGE)
        amount = np.where(large, income * random.uniform(0.5, 4.0, len(who)), amount)
        return np.maximum(self._rounded(kind, amount), 100)

    def _rounded(self, kind: Integers, amount: NDArray[np.float64]) -> Integers:
        """People like round sums where they choose them: cash in tens, transfers in ones to hundreds."""
        random = self._random
        unit = np.ones(len(kind))
        unit[(kind == CASH_OUT) & (random.random(len(kind)) < 0.8)] = 1000
        unit[(kind == CASH_IN) & (random.random(len(kind)) < 0.4)] = 500
        sent = (kind == TRANSFER) & (random.random(len(kind)) < 0.65)
        unit[sent] = random.choice([100, 500, 1000, 5000], int(sent.sum()))
        unit = np.where(unit > amount, 1, unit)
        return np.rint(np.rint(amount / unit) * unit).astype(np.int64)

    def _affordable(self, who: Integers, kind: Integers, amount: Integers, balances: Integers) -> Integers:
        """At most what each has; some take all there is, for reasons of their own or for want of more."""
        random = self._random
        some = np.rint(balances * random.uniform(0.05, 0.95, len(who))).astype(np.int64)
        chance = np.select([kind == one for one in _EMPTIES], list(_EMPTIES.values()), 0.0)
        # Whoever has a business keeps something in it.
        chance = np.where(self._people.life[who] == BUSINESS, chance / 3, chance)
        leaves = random.random(len(who)) < chance
        takes_all = np.isin(kind, list(_EMPTIES)) & (random.random(len(who)) < _TAKES_ALL)
        short = (amount > balances) & (kind != CASH_IN)
        reduced = np.where(takes_all, balances, np.maximum(some, 1))
        return np.where(leaves, balances, np.where(short, reduced, amount))

    def _receivers(self, who: Integers, kind: Integers, step: int) -> tuple[Integers, Integers]:
        """Where the money goes: whose kind it is, and the number among them."""
        random, count = self._random, len(who)
        favourite = (who * 7 + random.integers(0, 6, count) * 13) % self._merchants
        known = (random.random(count) ** 3 * self._merchants).astype(np.int64)
        shop = np.where(random.random(count) < 0.7, favourite, known)
        away = random.random(count) < 0.15
        agent = np.where(away, random.integers(0, self._agents, count), who % self._agents)
        to_other_banks = random.random(count) < _TO_OTHER_BANKS
        friend = self._friends(who, step)
        elsewhere = (who * 3 + random.integers(0, 5, count)) % self._elsewhere
        bill = (who + random.integers(0, 3, count)) % self._billers
        sent = np.where(to_other_banks, elsewhere, friend)
        which = [kind == one for one in (PAYMENT, DEBIT, TRANSFER)]
        receiver = np.select(
            which, [_MERCHANT, _BILLER, np.where(to_other_banks, _ELSEWHERE, _OURS)], default=_AGENT
        )
        return receiver, np.select(which, [shop, bill, sent], default=agent)

    def _friends(self, who: Integers, step: int) -> Integers:
        """Somebody of their circle or anybody, never themselves, with an account that is open."""
        random, people = self._random, self._people
        near = who + random.choice(_CIRCLE, len(who)) * random.choice([-1, 1], len(who))
        far = who + random.integers(1, len(people), len(who))
        friend = np.where(random.random(len(who)) < _TO_ANYBODY, far, near) % len(people)
        closed: Flags = ~people.is_open(friend, step)
        friend = np.where(closed, _open_near(people, friend, step), friend)
        return np.where(friend == who, (friend + 1) % len(people), friend)


def _open_near(people: People, who: Integers, step: int) -> Integers:
    """The next customer after each whose account is open."""
    at = np.flatnonzero(people.opened <= step)
    place = np.searchsorted(at, who)
    return at[place % len(at)]
