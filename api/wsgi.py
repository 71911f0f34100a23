"""The door of the serving processes: `app` is the WSGI application."""

from __future__ import annotations

import os

from api.bootstrap import build_app
from api.config import read_settings

app = build_app(read_settings(os.environ))
