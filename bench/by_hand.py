"""What people write by hand: a Flask route that calls scikit-learn. `PIPELINE` names the skops file."""

from __future__ import annotations

import os
from typing import Any

import skops.io
from flask import Flask, request


def create_app(file: str) -> Flask:
    """POST / ranks the titles for one description, by the pipeline in `file`."""
    pipeline = skops.io.load(file, trusted=skops.io.get_untrusted_types(file=file))
    app = Flask(__name__)

    @app.get("/ready")
    def ready() -> str:
        return "yes"

    @app.post("/")
    def rank() -> dict[str, Any]:
        (experience,) = request.get_json()["experience"]
        (probabilities,) = pipeline.predict_proba([experience["description"]])
        ranked = sorted(zip(probabilities.tolist(), pipeline.classes_.tolist(), strict=True), reverse=True)
        return {"results": [{"probability": share, "title": title} for share, title in ranked]}

    return app


app = create_app(os.environ["PIPELINE"])
