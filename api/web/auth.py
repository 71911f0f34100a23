"""Basic authentication in front of everything that is not public, before anything else is looked at."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_httpauth import HTTPBasicAuth

from api.web.problems import problem
from api.web.resources.doc import ASSETS
from api.web.sign_in import SignIn, TooManyFailures

PUBLIC_PATHS = frozenset(
    {
        *("/api/v1.0/status", "/healthz", "/readyz"),
        *("/openapi.json", "/doc", "/doc/"),
        *(f"/doc/{name}" for name in ASSETS),
    }
)
REALM = "Bouquet"


def require_sign_in(app: Flask, sign_in: SignIn) -> None:
    """Answer 401 to every request without the right credentials, whatever its path or method.

    OPTIONS is let through: it tells which methods a path has and nothing else.
    """
    auth = HTTPBasicAuth(realm=REALM)

    @auth.verify_password
    def verify(username: str, password: str) -> str | None:
        if not username and not password:
            return None
        right = sign_in.verify(username, password, request.remote_addr or "")
        return username if right else None

    @auth.error_handler
    def refuse(status: int) -> Response:
        return problem(
            status,
            detail="Sign in with basic authentication: this needs a name and a password.",
            message="Unauthorized access",
        )

    @app.before_request
    def check() -> Response | None:
        if request.path in PUBLIC_PATHS:
            return None
        refusal: Response | None = auth.login_required(lambda: None)()
        return refusal

    @app.errorhandler(TooManyFailures)
    def slow_down(error: TooManyFailures) -> Response:
        response = problem(429, detail=str(error))
        response.headers["Retry-After"] = str(error.retry_after)
        return response


def signed_in(sign_in: SignIn) -> bool:
    """Whether the current request, to a public path, has the right credentials all the same.

    Raises TooManyFailures, so that a public path is no way around the limit on guessing.
    """
    given = request.authorization
    if given is None or given.type != "basic" or not given.username:
        return False
    return sign_in.verify(given.username, given.password or "", request.remote_addr or "")
