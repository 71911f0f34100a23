"""Fraud: which transactions of a bank are fraud.

Of a file with the columns that `python -m api simulate fraud` writes, or of one with `day_of_month, type,
amount_log, amount_dest_log, is_fraud`. Whoever asks sends amounts: logarithms and all other features are
made inside the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

import numpy as np
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OneHotEncoder

from api.recipes.formulas import Formula, Formulas, names_in
from api.recipes.fraud_simulator import write_csv
from api.recipes.tabular_recipe import MadeUp, Source, TabularRecipe, Transformer
from api.schema.fields import Choice, Field, Kind
from api.schema.schema import Schema
from api.schema.target import Target, TargetClass

_TYPES = (
    Choice("CASH_IN", "Cash paid in"),
    Choice("CASH_OUT", "Cash taken out"),
    Choice("DEBIT", "Direct debit"),
    Choice("PAYMENT", "Payment to a merchant"),
    Choice("TRANSFER", "Transfer to an account"),
)
_CURRENCY = "In the currency of the account."


def _balance(name: str, title: str, description: str, example: float, *, known: bool = False) -> Field:
    return Field(
        name,
        title,
        Kind.NUMBER,
        f"{description} {_CURRENCY}",
        step=0.01,
        example=example,
        missing_allowed=not known,
    )


_FIELDS = (
    Field(
        "step",
        "Hours since the start",
        Kind.INTEGER,
        "Counted from the midnight before the first day: 49 is one o'clock in the third night.",
        example=37,
    ),
    Field("day_of_month", "Day of the month", Kind.INTEGER, "1 to 31.", example=15),
    Field("type", "Type", Kind.CHOICE, "What kind of transaction it is.", choices=_TYPES, example="TRANSFER"),
    Field("amount", "Amount", Kind.NUMBER, f"What is moved. {_CURRENCY}", step=0.01, example=181.0),
    Field(
        "amount_dest",
        "Amount at the receiver",
        Kind.NUMBER,
        "The receiver's amount: what `amount_dest_log` is the logarithm of.",
        step=0.01,
        example=181.0,
    ),
    _balance("oldbalanceOrg", "Sender's balance before", "What the sender had.", 1480.2, known=True),
    _balance("newbalanceOrig", "Sender's balance after", "What the sender has left.", 1299.2),
    _balance("oldbalanceDest", "Receiver's balance before", "Empty for other banks' accounts.", 320.0),
    _balance("newbalanceDest", "Receiver's balance after", "Empty for other banks' accounts.", 501.0),
)

_UNEXPLAINED = ("minus", ("size", ("minus", "oldbalanceOrg", "newbalanceOrig")), "amount")
_UNEXPLAINED_DEST = ("minus", ("size", ("minus", "newbalanceDest", "oldbalanceDest")), "amount")

# Features of what the file has: those whose columns it lacks are left out.
_FEATURES: tuple[tuple[str, Formula], ...] = (
    ("hour", ("remainder", "step", 24.0)),
    ("day_of_month", "day_of_month"),
    ("amount", ("magnitude", "amount")),
    ("amount_dest", ("magnitude", "amount_dest")),
    ("balance", ("magnitude", "oldbalanceOrg")),
    ("share_moved", ("share", "amount", "oldbalanceOrg")),
    ("left_behind", ("magnitude", ("cents", ("minus", "oldbalanceOrg", "amount")))),
    ("empties", ("at_least", "amount", "oldbalanceOrg")),
    ("receiver_known", ("known", "oldbalanceDest")),
    ("receiver_balance", ("magnitude", ("filled", "oldbalanceDest", -1.0))),
    # What the balances after say that amount and balances before do not: nothing where they add up, and
    # nothing where they are not known. So they matter only where a bank's do not add up.
    ("unexplained", ("magnitude", ("filled", ("cents", _UNEXPLAINED), 0.0))),
    ("unexplained_receiver", ("magnitude", ("filled", ("cents", _UNEXPLAINED_DEST), 0.0))),
)

_NAMES = "a name is somebody's, and says nothing of other people's transactions"
_FORMS = (
    frozenset({"step", "type", "amount", "oldbalanceOrg", "newbalanceOrig", "isFraud"}),
    frozenset({"day_of_month", "type", "amount_log", "amount_dest_log", "is_fraud"}),
)


def _matches(header: Sequence[str]) -> bool:
    return any(form <= set(header) for form in _FORMS)


def _undo_log(logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Natural logarithms to amounts in cents; minus infinity, which stands for nothing, to nothing."""
    amounts: NDArray[np.float64] = np.rint(np.exp(np.minimum(logarithms, 88.0)) * 100) / 100
    return amounts


def _features(schema: Schema) -> Transformer:
    """The types as marks, and the formulas whose columns the schema has."""
    numbers = tuple(schema.names[at] for at in schema.number_positions)
    formulas = tuple(one for one in _FEATURES if names_in(one[1]) <= set(numbers))
    return ColumnTransformer(
        [
            ("numbers", Formulas(numbers, formulas), list(numbers)),
            ("type", OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["type"]),
        ]
    )


FRAUD = TabularRecipe(
    name="fraud",
    title="Fraud",
    description="Tells whether a transaction of a bank's customer is fraud.",
    matches=_matches,
    fields=_FIELDS,
    sources=(
        Source("amount", "amount_log", _undo_log),
        Source("amount_dest", "amount_dest_log", _undo_log),
    ),
    leave_out={
        "nameOrig": _NAMES,
        "nameDest": _NAMES,
        "isFlaggedFraud": "it is what a rule of the bank says afterwards, and not known of the transaction",
    },
    targets=("isFraud", "is_fraud"),
    target=Target(
        "fraud", "Fraud", (TargetClass("legitimate", "legitimate", 0), TargetClass("fraud", "fraud", 1))
    ),
    features=_features,
    explains=True,
)

# Enough for some six hundred rows of fraud, and little enough to be trained in ten seconds.
_ROWS = 500_000


def _write(out: IO[str]) -> None:
    write_csv(_ROWS, 1, out)


SIMULATED_FRAUD = MadeUp(
    FRAUD,
    _write,
    f"Its data is simulated: {_ROWS:,} transactions made up by python -m api simulate fraud. It shows what "
    "such a model does, and knows nothing of any real bank: train it on your own transactions.",
)
