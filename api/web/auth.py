"""Sign-in in front of everything that is not public, before anything else is looked at; then roles.

With a name and a password (basic authentication), or with a token that was given for them.
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_httpauth import HTTPBasicAuth, HTTPTokenAuth, MultiAuth

from api.web.problems import problem
from api.web.resources.doc import ASSETS
from api.web.roles import needed
from api.web.sign_in import SignIn, TooManyFailures, User

PUBLIC_PATHS = frozenset(
    {
        *("/api/v1.0/status", "/healthz", "/readyz"),
        *("/openapi.json", "/doc", "/doc/"),
        *(f"/doc/{name}" for name in ASSETS),
    }
)
REALM = "Bouquet"


def require_sign_in(app: Flask, sign_in: SignIn) -> None:
    """Answer 401 to every request without the right credentials, whatever its path or method, and 403 where
    the user's role is not enough.

    OPTIONS is let through: it tells which methods a path has and nothing else.
    """
    basic, token = HTTPBasicAuth(realm=REALM), HTTPTokenAuth("Bearer", realm=REALM)
    auth = MultiAuth(basic, token)

    @basic.verify_password
    def verify(username: str, password: str) -> str | None:
        if not username and not password:
            return None
        user = sign_in.verify(username, password, _address())
        if user is not None:
            sign_in.note_header(request.headers["Authorization"], username, password)
        return _signed_in(user)

    @token.verify_token
    def verify_token(text: str) -> str | None:
        user = sign_in.verify_token(text, _address()) if text else None
        if user is not None:
            sign_in.note_token_header(request.headers["Authorization"], text)
        return _signed_in(user)

    @basic.error_handler
    @token.error_handler
    def refuse(status: int) -> Response:
        return refusal(
            "Sign in with basic authentication, which needs a name and a password, or with a token."
        )

    @app.before_request
    def check() -> Response | None:
        if request.path in PUBLIC_PATHS:
            return None
        refused: Response | None = auth.login_required(_check_role)()
        return refused

    @app.errorhandler(TooManyFailures)
    def slow_down(error: TooManyFailures) -> Response:
        response = problem(429, detail=str(error))
        response.headers["Retry-After"] = str(error.retry_after)
        return response


def current_user() -> User:
    """Who makes the current request, which is not to a public path."""
    user: User = g.user
    return user


def signed_in(sign_in: SignIn) -> bool:
    """Whether the current request, to a public path, has the right credentials all the same.

    Raises TooManyFailures, so that a public path is no way around the limit on guessing.
    """
    given = request.authorization
    if given is not None and given.type == "bearer" and given.token:
        return sign_in.verify_token(given.token, _address()) is not None
    if given is None or given.type != "basic" or not given.username:
        return False
    return sign_in.verify(given.username, given.password or "", _address()) is not None


def refusal(detail: str) -> Response:
    """401, as clients of v1.0 expect it."""
    response = problem(401, detail=detail, message="Unauthorized access")
    response.headers["WWW-Authenticate"] = f'Basic realm="{REALM}"'
    return response


def _signed_in(user: User | None) -> str | None:
    """Note who it is for the rest of the request."""
    if user is None:
        return None
    g.user = user
    return user.name


def _check_role() -> Response | None:
    """403 where the user's role is not enough; what there is no route for is 404 to everybody."""
    if request.url_rule is None or request.method == "OPTIONS":
        return None
    role, user = needed(request.method, request.url_rule.rule), current_user()
    if user.role.may(role):
        return None
    return problem(403, f"This needs the role {role}; {user.name} has the role {user.role}.")


def _address() -> str:
    return request.remote_addr or ""
