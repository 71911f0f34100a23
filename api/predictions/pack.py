"""Many rows as a line of the spool: numbers as they are in memory, which whoever drains writes as JSON.

To write numbers as text takes most of what a record of a thousand rows takes, and there nobody waits for it.

A packed line is a JSON object in ASCII, a tab, and bytes. The object says what the bytes are, so that no card
has to be read: `head` as in every line; `fields`, each with its name and its kind; the `labels` of the
classes; `answers`, the layout of the answers; `shares`, how many probabilities a row has; and `decimals`, to
how many they are recorded. The bytes are, with nothing between: the numbers of each row, the probabilities of
each, the answer of each (a class's number or a value), and then, between tabs, the columns of texts, each as
JSON. All is little-endian, and what would end a line is escaped.
"""

from __future__ import annotations

import json
from typing import Any

from numpy.typing import NDArray

from api.predictions.column_texts import column_json
from api.predictions.prediction import DECIMALS
from api.registry.card import Card
from api.runtime.answers import Answers, ValueAnswers
from api.runtime.rows import Rows

# What a packed line begins with, and no other does.
MARK = b"{"
FLOATS = "<f8"
# The layouts of classes, by the least that has room for all of them.
CLASSES = {1 << 8: "|u1", 1 << 16: "<u2", 1 << 32: "<u4"}
ESCAPE = b"\x1b"
# What stands for the escape itself and for the bytes that end a line.
ESCAPED = {ESCAPE: ESCAPE + b"0", b"\n": ESCAPE + b"1", b"\r": ESCAPE + b"2"}


def model_part(card: Card) -> str:
    """What a packed line says of a model: members of an object."""
    fields = [[one.name, one.kind.value] for one in card.schema.fields]
    labels = [one.label for one in card.target.classes]
    told = {"fields": fields, "labels": labels, "decimals": DECIMALS}
    return json.dumps(told, separators=(",", ":"))[1:-1]


def packed(head: str, model: str, rows: Rows, answers: Answers) -> bytes:
    """The line of some rows and their answers; `model` is the `model_part` of the card."""
    given: NDArray[Any]
    if isinstance(answers, ValueAnswers):
        layout, given, probabilities = FLOATS, answers.values, None
    else:
        given, probabilities = answers.classes, answers.probabilities
        layout = next(layout for room, layout in CLASSES.items() if given.max() < room)
    parts = [_bytes(rows.numbers), b"" if probabilities is None else _bytes(probabilities)]
    parts.append(_bytes(given, layout))
    parts.append(b"\t".join([column_json(column.tolist()) for column in rows.texts.T]))
    content = b"".join(parts)
    for byte, escaped in ESCAPED.items():
        content = content.replace(byte, escaped)
    shares = 0 if probabilities is None else probabilities.shape[1]
    told = f'{{"head":{head},"answers":"{layout}","shares":{shares},{model}}}\t'
    return b"%b%b\n" % (told.encode(), content)


def _bytes(values: NDArray[Any], layout: str = FLOATS) -> bytes:
    return values.astype(layout, copy=False).tobytes()
