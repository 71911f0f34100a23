"""What each address answers.

Law of this room: a view reads the request, asks the API client, and renders a template.
What a model takes and what an answer means is decided in `forms`, `entries` and `answers`, what is
said of it in `about` and `figures`; which page an error becomes is decided in `problems`, and nowhere else.
"""

from __future__ import annotations

from flask import Flask

from ..api_client import ApiClient
from . import about, csv_files, earlier, health, listing, models, problems, ranked


def install(app: Flask, api: ApiClient) -> None:
    """Give `app` all its pages."""
    app.register_blueprint(models.pages(api))
    app.register_blueprint(ranked.pages(api))
    app.register_blueprint(listing.pages(api))
    app.register_blueprint(about.pages(api))
    app.register_blueprint(csv_files.pages(api))
    app.register_blueprint(earlier.pages())
    app.register_blueprint(health.pages())
    problems.install(app)
