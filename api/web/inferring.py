"""From the body of a request to infer to the tensors that a model answers with."""

from __future__ import annotations

from api.predictions.asking import Asking
from api.predictions.predict import Predictor
from api.runtime.serving import ServingModels
from api.web.answer import JSON, Answer, compact_json
from api.web.asking import PREDICTION_ID
from api.web.open_inference.columns import rows_of
from api.web.open_inference.infer_request import JSON_LENGTH, infer_request
from api.web.open_inference.infer_response import check_outputs, infer_response

BINARY = "application/octet-stream"


class Inference:
    """Asks the models in the protocol's form."""

    def __init__(self, models: ServingModels, predictor: Predictor) -> None:
        self._models = models
        self._predictor = predictor

    def answer(
        self, model: tuple[str, str | None], body: bytes, json_length: str | None, asking: Asking
    ) -> Answer:
        """The tensors asked for, in JSON, or those asked for in binary after the JSON.

        `model` is a name, and a version or None for the one that answers; `json_length` the value of the
        header of that name, None where there is none. Raises InvalidInput, or what the predictor raises.
        """
        name, version = model
        asked = infer_request(body, json_length)
        check_outputs(self._models.get(name, version).card, asked)
        batch = self._predictor.from_rows(name, lambda schema: rows_of(schema, asked.inputs), asking, version)
        answer = infer_response(batch, asked)
        head = compact_json(answer.json)
        # The id in the answer is the caller's own where it sent one.
        recorded = ((PREDICTION_ID, batch.id),)
        if not answer.binary:
            return Answer(head, JSON, recorded)
        return Answer(head + answer.binary, BINARY, (*recorded, (JSON_LENGTH, str(len(head)))))
