"""What each address answers.

Law of this room: a view reads the request, asks the API client, and renders a template.
What a model takes and what an answer means is decided in `forms`, `entries` and `answers`;
which page an error becomes is decided in `problems`, and nowhere else.
"""

from __future__ import annotations

from flask import Flask

from ..api_client import ApiClient
from . import earlier, health, models, problems


def install(app: Flask, api: ApiClient) -> None:
    """Give `app` all its pages."""
    app.register_blueprint(models.pages(api))
    app.register_blueprint(earlier.pages())
    app.register_blueprint(health.pages())
    problems.install(app)
