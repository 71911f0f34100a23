"""The kinds of transaction, and the rows of one step before and after they are booked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

TYPES = ("CASH_IN", "CASH_OUT", "DEBIT", "PAYMENT", "TRANSFER")
CASH_IN, CASH_OUT, DEBIT, PAYMENT, TRANSFER = range(len(TYPES))

# Who can receive money: a customer of the bank, or one of the parties whose balances it does not know.
CUSTOMER, MERCHANT, AGENT, BILLER, OTHER_BANK = "CMABX"
RECEIVERS = (CUSTOMER, MERCHANT, AGENT, BILLER, OTHER_BANK)


@dataclass(frozen=True, slots=True)
class Orders:
    """What some customers want done in one step, an entry each; no customer orders twice in a step.

    `kind` indexes TYPES; `amount` is in cents, and, but for CASH_IN, at most the customer's balance;
    `receiver` indexes RECEIVERS, and `to` is the number of the one meant among its like.
    """

    kind: Integers
    amount: Integers
    customer: Integers
    receiver: Integers
    to: Integers
    fraud: Flags

    def __len__(self) -> int:
        return len(self.kind)

    def __getitem__(self, which: Integers) -> Orders:
        """The orders of these indices, in their order."""
        return Orders(
            self.kind[which],
            self.amount[which],
            self.customer[which],
            self.receiver[which],
            self.to[which],
            self.fraud[which],
        )


def together(first: Orders, second: Orders) -> Orders:
    """The orders of both."""
    return Orders(
        np.concatenate([first.kind, second.kind]),
        np.concatenate([first.amount, second.amount]),
        np.concatenate([first.customer, second.customer]),
        np.concatenate([first.receiver, second.receiver]),
        np.concatenate([first.to, second.to]),
        np.concatenate([first.fraud, second.fraud]),
    )


@dataclass(frozen=True, slots=True)
class Booked:
    """The rows of one step: its orders in the order in which they were booked, and the balances in cents.

    The balances of a receiver that is no customer are -1: the bank does not know them.
    """

    step: int
    orders: Orders
    old: Integers
    new: Integers
    receiver_old: Integers
    receiver_new: Integers
