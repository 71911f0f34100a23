"""The door of the serving processes: `app` is the WSGI application."""

from __future__ import annotations

import gc
import os

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.web.draining import Draining

_draining = Draining()
_draining.begin_on_signal()
app = build_app(read_settings(os.environ), _draining)
# What is there by now stays: going through it again and again stopped every thread for 50 ms at a time.
gc.collect()
gc.freeze()
