"""The API service: models in, predictions out, over authenticated HTTP."""

import os

from api.cpus import limit_threads

__version__ = "0.1.0"

# Here, before anything that computes in threads is imported: they read it when they are loaded.
limit_threads(os.environ)
