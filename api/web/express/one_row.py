"""The answer for one plain row, from a query or in a JSON body, in the fewest steps."""

from __future__ import annotations

from typing import Any

from api.predictions.plain_row import PlainRows
from api.predictions.predict import Predictor
from api.predictions.prediction import PlainPrediction
from api.web.answer import Answer


class OneRow:
    """Answers where row and answer are plain, and else gives None; raises what the predictor raises."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor

    def of_query(self, name: str, query: str, user: str, route: str) -> Answer | None:
        """What `answer_one` answers."""
        one = self._predictor.plainly(name, PlainRows.from_query, query, (user, route))
        return None if one is None else _answer("response", one.response, one)

    def of_body(self, name: str, body: Any, user: str, route: str) -> Answer | None:
        """What `answer_many` answers to a JSON value of one row and no query."""
        instances = body.get("instances") if isinstance(body, dict) and len(body) == 1 else None
        if not isinstance(instances, list) or len(instances) != 1 or not isinstance(instances[0], dict):
            return None
        one = self._predictor.plainly(name, PlainRows.from_object, instances[0], (user, route))
        return None if one is None else _answer("predictions", f"[{one.response}]", one)


def _answer(member: str, value: str, one: PlainPrediction) -> Answer:
    # Ids, names and numbers of versions need no quoting but their own.
    card = one.card
    decided = "" if card.target.threshold is None else f', "threshold": {card.target.threshold!r}'
    return Answer(
        f'{{"{member}": {value}, "id": "{one.id}", '
        f'"model": "{card.name}", "version": "{card.version}"{decided}}}\n'.encode()
    )
