"""Door for a WSGI server: `front_end_app.wsgi:app`, with settings from the environment."""

from __future__ import annotations

import os

from .app import create_app
from .config import read_settings

app = create_app(read_settings(os.environ))
