"""A LitServe server with one pipeline, without batching: what it stacks would need code for each model.

LitServe makes its route of the annotations of the two that en- and decode, and has the usual one where there
are none, as in its own examples.
"""

import os
from pathlib import Path
from typing import Any

import joblib
import litserve
import numpy as np
import pandas

_FILE = Path(os.environ["MODELS"]) / os.environ["SERVED"] / "model.joblib"


class Classifier(litserve.LitAPI):
    """Probabilities of rows."""

    def setup(self, device: str) -> None:
        """Load the pipeline."""
        self._model = joblib.load(_FILE)

    def decode_request(self, request):  # type: ignore[no-untyped-def]  # see above
        """Take the rows: lists, or objects where there are texts."""
        rows = request["rows"]
        if isinstance(rows[0], dict):
            return pandas.DataFrame(rows).astype({"age": float, "income": float})
        return np.array(rows, dtype=float)

    def predict(self, table: Any) -> Any:
        """Ask the pipeline."""
        return self._model.predict_proba(table)

    def encode_response(self, output):  # type: ignore[no-untyped-def]  # see above
        """Make the answer of the probabilities."""
        labels = self._model.classes_[output.argmax(axis=1)]
        return {"labels": labels.tolist(), "probabilities": output.tolist()}


if __name__ == "__main__":
    server = litserve.LitServer(
        Classifier(), accelerator="cpu", workers_per_device=int(os.environ["PROCESSES"])
    )
    server.run(host="127.0.0.1", port=int(os.environ["PORT"]), generate_client_file=False)
