"""The bank's ledger: what every customer has, and the booking of one step's orders."""

from __future__ import annotations

import numpy as np

from api.recipes.simulation.money import CASH_IN, CUSTOMER, RECEIVERS, Booked, Integers, Orders

UNKNOWN = -1
_OURS = RECEIVERS.index(CUSTOMER)


class Ledger:
    """`balances` (customers,) in cents; never negative."""

    def __init__(self, balances: Integers) -> None:
        self.balances = balances

    def book(self, step: int, orders: Orders) -> Booked:
        """Book the orders one after the other.

        A customer may also receive in the step, several times even: the balances of a row are those
        after the rows before it.
        """
        rows = np.arange(len(orders))
        paid = np.where(orders.kind == CASH_IN, orders.amount, -orders.amount)
        received = np.flatnonzero(orders.receiver == _OURS)
        account = np.concatenate([orders.customer, orders.to[received]])
        change = np.concatenate([paid, orders.amount[received]])
        old, new = self._in_turn(account, change, np.concatenate([rows, received]))
        receiver_old = np.full(len(orders), UNKNOWN, dtype=np.int64)
        receiver_new = receiver_old.copy()
        receiver_old[received], receiver_new[received] = old[len(orders) :], new[len(orders) :]
        return Booked(step, orders, old[: len(orders)], new[: len(orders)], receiver_old, receiver_new)

    def _in_turn(self, account: Integers, change: Integers, row: Integers) -> tuple[Integers, Integers]:
        """The balance before and after each change, where changes come in the order of `row`."""
        order = np.lexsort((row, account))
        account, change = account[order], change[order]
        total = np.cumsum(change)
        first = np.flatnonzero(np.diff(account, prepend=-1))
        # The sum of all changes of the accounts before this one.
        before = np.repeat((total - change)[first], np.diff(np.append(first, len(account))))
        new = self.balances[account] + total - before
        last = np.append(first[1:], len(account)) - 1
        self.balances[account[last]] = new[last]
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        return (new - change)[back], new[back]
