"""From a request's query or body to the answer of a model by name: one row, or many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from werkzeug.exceptions import BadRequest

from api.predictions.asking import Asking
from api.predictions.instances import rows_of_instances
from api.predictions.predict import Predictor
from api.predictions.prediction import respond
from api.web.answer import Answer, json_answer
from api.web.body import object_of

MOST_ROWS = 100_000

Pairs = Iterable[tuple[str, str]]


def answer_one(predictor: Predictor, name: str, pairs: Pairs, asking: Asking) -> Answer:
    """The answer for the row in a query; `warnings` is there when the model has seen no such values.

    Raises what the predictor raises.
    """
    prediction = predictor.from_pairs(name, pairs, asking)
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
    card = batch.card
    predictions: list[dict[str, Any]] = [*respond(card.target, batch.answers)]
    for prediction, reasons in zip(predictions, batch.reasons or (), strict=False):
        prediction["reasons"] = [asdict(one) for one in reasons]
    answer = {"predictions": predictions, "id": batch.id, "model": card.name, "version": card.version}
    return json_answer(answer | _threshold(card.target.threshold))


def _threshold(threshold: float | None) -> dict[str, float]:
    """The member that says from which probability on the answer is the second class, where that is set."""
    return {} if threshold is None else {"threshold": threshold}


def _instances(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_ROWS:
        raise BadRequest(f'"instances" must be a list of 1 to {MOST_ROWS} objects, one for each row.')
    for row, one in enumerate(given):
        if not isinstance(one, dict):
            raise BadRequest(f'"instances" must be a list of objects; number {row} is none.')
    return given
