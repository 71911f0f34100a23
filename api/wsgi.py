"""The door of the serving processes: `app` is the WSGI application."""

from __future__ import annotations

import gc
import os

from api.bootstrap.serving import begin
from api.config import read_settings

app = begin(read_settings(os.environ))
# What is there by now stays: going through it again and again stopped every thread for 50 ms at a time.
gc.collect()
gc.freeze()
