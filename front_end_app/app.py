"""The application: settings in, a Flask application out. The one place where the parts meet."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from . import assets, csrf, request_log, security, sessions, views
from .api_client import ApiClient, Waits
from .config import Settings


def create_app(settings: Settings) -> Flask:
    """The front end for the API that `settings` names. It makes no request until it gets one."""
    app = Flask(__name__, static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    api = ApiClient(
        settings.api_url,
        settings.api_username,
        settings.api_password,
        Waits(settings.api_timeout, settings.csv_timeout),
        request_log.current_request_id,
    )
    request_log.install(app)
    security.install(app)
    csrf.install(app, settings.secret_key)
    sessions.install(app)
    assets.install(app)
    views.install(app, api)
    return app
