"""What each address answers.

Law of this room: a view reads the request, asks the API client, and renders a template.
What a model takes and what an answer means is decided in `forms`, `entries` and `answers`, what is
said of it in `about` and `figures`, of a training in `progress` and `report_view`; which page an error
becomes is decided in `problems`, and nowhere else.
"""

from __future__ import annotations

from flask import Flask

from ..api_client import ApiClient
from ..confusion import grouped
from ..moments import sentence
from ..new_training import kind_word, missing_share
from ..throttle import Throttle
from . import (
    about,
    csv_files,
    earlier,
    health,
    listing,
    models,
    new_training,
    problems,
    ranked,
    record,
    sign_in,
    training,
    versions,
)
from .people import People


def install(app: Flask, api: ApiClient) -> None:
    """Give `app` all its pages."""
    people = People(api, Throttle())
    app.register_blueprint(models.pages(api))
    app.register_blueprint(ranked.pages(api))
    app.register_blueprint(listing.pages(api))
    app.register_blueprint(about.pages(api))
    app.register_blueprint(csv_files.pages(api))
    app.register_blueprint(sign_in.pages(people))
    app.register_blueprint(training.pages(people))
    app.register_blueprint(new_training.pages(people))
    app.register_blueprint(versions.pages(api, people))
    app.register_blueprint(record.pages(api, people))
    app.register_blueprint(earlier.pages())
    app.register_blueprint(health.pages())
    for shown in (grouped, kind_word, missing_share, sentence):
        app.add_template_global(shown)
    problems.install(app)
    sign_in.install(app)
