"""What each route needs: one table of every route. A route that is not in it is the administrators' alone."""

from __future__ import annotations

from api.storage.users import Role

_MODEL = "/api/v1.0/models/<name>"
_PROTOCOL = "/v2/models/<name>"
_VERSION = f"{_PROTOCOL}/versions/<version>"

# What is read: predictions, and everything that says what is there. HEAD needs what GET needs.
_READS = (
    *("/api/v1.0", "/api/v1.0/status", "/healthz", "/readyz"),
    *("/openapi.json", "/doc", "/doc/<file>"),
    *("/api/v1.0/models", _MODEL, f"{_MODEL}/predict", f"{_MODEL}/versions"),
    *(f"{_MODEL}/enabled", f"{_MODEL}/health"),
    *("/api/v1.0/predictions", "/api/v1.0/predictions/<id>", "/api/v1.0/predictions/<id>/feedback"),
    *("/api/v1.0/training", "/api/v1.0/training/<id>"),
    *("/model/titles", "/model/skills/<path:title>"),
    *("/v2", "/v2/health/live", "/v2/health/ready"),
    *(_PROTOCOL, f"{_PROTOCOL}/ready", _VERSION, f"{_VERSION}/ready"),
)
# What is sent, and changes nothing but the record.
_ASKS = (
    *(f"{_MODEL}/predict", f"{_PROTOCOL}/infer", f"{_VERSION}/infer", "/model/similar_jobs"),
    "/api/v1.0/tokens",
)

NEEDED: dict[tuple[str, str], Role] = {
    **{("GET", rule): Role.PREDICT for rule in _READS},
    **{("POST", rule): Role.PREDICT for rule in _ASKS},
    ("PUT", f"{_MODEL}/enabled"): Role.TRAIN,
    ("DELETE", f"{_MODEL}/versions/<version>"): Role.TRAIN,
    ("POST", "/api/v1.0/predictions/<id>/feedback"): Role.TRAIN,
    ("POST", "/api/v1.0/training"): Role.TRAIN,
    ("POST", "/api/v1.0/training/preview"): Role.TRAIN,
    ("DELETE", "/api/v1.0/training/<id>"): Role.TRAIN,
    ("GET", "/api/v1.0/users"): Role.ADMIN,
    ("POST", "/api/v1.0/users"): Role.ADMIN,
    ("GET", "/api/v1.0/users/<name>"): Role.ADMIN,
    ("PATCH", "/api/v1.0/users/<name>"): Role.ADMIN,
}


def needed(method: str, rule: str) -> Role:
    """The role that a method of a route needs."""
    return NEEDED.get(("GET" if method == "HEAD" else method, rule), Role.ADMIN)
