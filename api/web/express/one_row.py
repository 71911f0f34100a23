"""The answer for one row, from a query or in a JSON body: for a plain one in the fewest steps."""

from __future__ import annotations

from typing import Any

from api.predictions.asking import Asking
from api.predictions.plain_row import PlainRows
from api.predictions.predict import Predictor
from api.web.answer import Answer
from api.web.body import json_of
from api.web.predicting import answer_many, answer_one
from api.web.query import pairs_of

_ONE = '{"response": %s, "id": "%s", %s}\n'
_ONE_OF_MANY = '{"predictions": [%s], "id": "%s", %s}\n'


class OneRow:
    """Answers as the resources do; raises what they raise."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor

    def of_query(self, name: str, route: str, query: str, body: bytes, user: str) -> Answer:
        """What `answer_one` answers to the row in a query."""
        one = self._predictor.plainly(name, PlainRows.from_query, query, (user, route))
        if one is not None:
            return Answer((_ONE % one).encode())
        return answer_one(self._predictor, name, pairs_of(query.encode("ascii")), Asking(user, route))

    def of_body(self, name: str, route: str, query: str, body: bytes, user: str) -> Answer:
        """What `answer_many` answers to the rows in a body, of which there may be many."""
        given = json_of(body)
        row = None if query else _only_row(given)
        if row is not None:
            one = self._predictor.plainly(name, PlainRows.from_object, row, (user, route))
            if one is not None:
                return Answer((_ONE_OF_MANY % one).encode())
        return answer_many(self._predictor, name, given, pairs_of(query.encode("ascii")), Asking(user, route))


def _only_row(given: Any) -> dict[str, Any] | None:
    """The row of a body that has one and nothing else."""
    instances = given.get("instances") if isinstance(given, dict) and len(given) == 1 else None
    if isinstance(instances, list) and len(instances) == 1 and isinstance(instances[0], dict):
        return instances[0]
    return None
