"""GET /api/v1.0/status: that the service answers."""

from __future__ import annotations

from flask_restful import Resource


class Status(Resource):
    """That the service answers; needs no sign-in."""

    def get(self) -> dict[str, str]:
        """Always `{"status": "success", "message": "pong!"}`."""
        return {"status": "success", "message": "pong!"}
