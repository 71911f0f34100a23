"""The API service: models in, predictions out, over authenticated HTTP."""

__version__ = "0.1.0"
