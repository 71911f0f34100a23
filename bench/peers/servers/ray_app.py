"""Ray Serve with an application for each pipeline, on a Ray of its own in this process's children."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas
import ray
from ray import serve
from starlette.requests import Request


@serve.deployment(num_replicas=int(os.environ["PROCESSES"]), ray_actor_options={"num_cpus": 0.25})
class Classifier:
    """Probabilities of rows: lists, or objects where there are texts."""

    def __init__(self, file: str) -> None:
        self._model = joblib.load(file)

    async def __call__(self, request: Request) -> dict[str, Any]:
        """Answer `{"rows": […]}`."""
        rows = (await request.json())["rows"]
        if isinstance(rows[0], dict):
            table = pandas.DataFrame(rows).astype({"age": float, "income": float})
        else:
            table = np.array(rows, dtype=float)
        probabilities = self._model.predict_proba(table)
        labels = self._model.classes_[probabilities.argmax(axis=1)]
        return {"labels": labels.tolist(), "probabilities": probabilities.tolist()}


if __name__ == "__main__":
    ray.init(include_dashboard=False, num_cpus=2, logging_level="warning", _node_ip_address="127.0.0.1")
    serve.start(http_options={"host": "127.0.0.1", "port": int(os.environ["PORT"])})
    for name in os.environ["SERVED"].split(","):
        file = Path(os.environ["MODELS"]) / name / "model.joblib"
        application = Classifier.bind(str(file))  # type: ignore[attr-defined]  # serve's decorator adds it
        serve.run(application, name=name, route_prefix=f"/{name}")
    signal.sigwait([signal.SIGTERM, signal.SIGINT])
    serve.shutdown()
    ray.shutdown()
