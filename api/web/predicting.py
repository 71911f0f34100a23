"""From a request's query or body to the answer of a model by name: one row, or many."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from werkzeug.exceptions import BadRequest

from api.predictions.asking import Asking
from api.predictions.instances import rows_of_instances
from api.predictions.predict import Predictor
from api.predictions.prediction import Batch, Prediction, answer_names, answer_texts, respond
from api.runtime.answers import ValueAnswers
from api.web.answer import Answer, json_answer
from api.web.body import object_of

MOST_ROWS = 100_000
# How many rows are written in one go, in which no other thread gets its turn.
_AT_ONCE = 5000

Pairs = Iterable[tuple[str, str]]


def answer_one(predictor: Predictor, name: str, pairs: Pairs, asking: Asking) -> Answer:
    """The answer for the row in a query; `warnings` is there when the model has seen no such values.

    Raises what the predictor raises.
    """
    prediction = predictor.from_pairs(name, pairs, asking)
    if prediction.threshold is None and prediction.reasons is None and not prediction.warnings:
        return Answer(_usual(prediction))
    answer: dict[str, Any] = {
        "response": prediction.response,
        "id": prediction.id,
        "model": prediction.model,
        "version": prediction.version,
    }
    answer |= _threshold(prediction.threshold)
    if prediction.reasons is not None:
        answer["reasons"] = [asdict(one) for one in prediction.reasons]
    if prediction.warnings:
        answer["warnings"] = [asdict(warning) for warning in prediction.warnings]
    return json_answer(answer)


def answer_many(predictor: Predictor, name: str, body: Any, pairs: Pairs, asking: Asking) -> Answer:
    """The answers for `{"instances": [{…}, …]}`, for which the query may want reasons.

    Raises BadRequest, or what the predictor raises.
    """
    instances = _instances(object_of(body, "instances")["instances"])
    batch = predictor.from_rows(
        name, lambda schema: rows_of_instances(schema, instances), asking, query=pairs
    )
    if batch.reasons is None:
        return Answer(_plain_rows(batch))
    card = batch.card
    predictions: list[dict[str, Any]] = [*respond(card.target, batch.answers)]
    for prediction, reasons in zip(predictions, batch.reasons, strict=True):
        prediction["reasons"] = [asdict(one) for one in reasons]
    answer = {"predictions": predictions, "id": batch.id, "model": card.name, "version": card.version}
    return json_answer(answer | _threshold(card.target.threshold))


def _usual(prediction: Prediction) -> bytes:
    """What `json_answer` makes of an answer with nothing beside it, from a template."""
    first, *shares = prediction.response.values()
    template = _template(tuple(prediction.response), prediction.model, prediction.version)
    # JSON has a finite number as Python writes it, and an id needs no quoting but its own.
    shown = _quoted(first) if isinstance(first, str) else repr(first)
    return (template % (shown, *shares, prediction.id)).encode()


@lru_cache(maxsize=256)
def _template(names: tuple[str, ...], model: str, version: str) -> str:
    """For `%`: the first value in JSON, the other ones, which are numbers, and the id."""
    # A model's name and its version's number need no quoting either.
    first, *others = (json.dumps(name).replace("%", "%%") for name in names)
    response = "".join([f"{first}: %s", *(f", {other}: %r" for other in others)])
    return f'{{"response": {{{response}}}, "id": "%s", "model": "{model}", "version": "{version}"}}\n'


def _plain_rows(batch: Batch) -> bytes:
    """What `json_answer` makes of answers with nothing beside them, a column of some rows at a time."""
    card = batch.card
    parts = [_row_texts(batch, slice(at, at + _AT_ONCE)) for at in range(0, len(batch.answers), _AT_ONCE)]
    # The end of the row before the first.
    rows = "".join(parts)[3:]
    rest = {"id": batch.id, "model": card.name, "version": card.version}
    ending = json.dumps(rest | _threshold(card.target.threshold))
    return f'{{"predictions": [{rows}}}], {ending[1:]}\n'.encode()


def _row_texts(batch: Batch, which: slice) -> str:
    """Some rows as JSON, before each of them the end of another, and no end of the last."""
    target, answers = batch.card.target, batch.answers[which]
    names = [json.dumps(name) for name in answer_names(target)]
    # Before each value stands its name, and before the first one also the end of the row before.
    first, *befores = f"}}, {{{names[0]}: ", *(f", {name}: " for name in names[1:])
    # With a label, of which there are few, stands what is beside it.
    second = befores.pop(0) if befores else ""
    columns = answer_texts(target, answers, lambda label: f"{first}{_quoted(label)}{second}")
    if isinstance(answers, ValueAnswers):
        columns.insert(0, [first] * len(answers))
    # The first two columns follow each other, and before each of the others stands its name.
    row = [""] * min(2, len(columns)) + [part for before in befores for part in (before, "")]
    parts = row * len(answers)
    for at, column in enumerate(columns):
        parts[max(at, 2 * at - 1) :: len(row)] = column
    return "".join(parts)


@lru_cache(maxsize=1024)
def _quoted(label: str) -> str:
    return json.dumps(label)


def _threshold(threshold: float | None) -> dict[str, float]:
    """The member that says from which probability on the answer is the second class, where that is set."""
    return {} if threshold is None else {"threshold": threshold}


def _instances(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ROWS:
        raise BadRequest(f'"instances" must be a list of 1 to {MOST_ROWS} objects, one for each row.')
    if set(map(type, given)) != {dict}:
        row = next(row for row, one in enumerate(given) if type(one) is not dict)
        raise BadRequest(f'"instances" must be a list of objects; number {row} is none.')
    return given
