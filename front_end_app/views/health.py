"""Whether this process is alive. The API is not asked: it has probes of its own."""

from __future__ import annotations

from flask import Blueprint


def pages() -> Blueprint:
    """The probe for containers and load balancers."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> dict[str, str]:
        """Alive, if it answers at all."""
        return {"status": "alive"}

    return blueprint
