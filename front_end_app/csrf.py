"""Forms that change or cost something are taken from this site's own pages only.

Three things hold: the session cookie is not sent along with what other sites send (SameSite), the form
carries the token that this cookie's session was given, and the browser does not say that it comes from
elsewhere.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, request, session
from werkzeug.exceptions import Forbidden

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"


def install(app: Flask, secret_key: str) -> None:
    """Sign the session cookie of `app` with `secret_key`, or with one made for this process if it is
    empty, and give templates `csrf_token()`."""
    app.secret_key = secret_key or secrets.token_hex(32)
    app.config["SESSION_COOKIE_NAME"] = "bouquet"
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.add_template_global(token, FIELD)


def token() -> str:
    """This session's token, made when it is first asked for."""
    if FIELD not in session:
        session[FIELD] = secrets.token_urlsafe(32)
    return str(session[FIELD])


def refuse_other_sites() -> None:
    """Raise Forbidden if the browser says that the request comes from another site."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        raise Forbidden("The request came from another site.")
    # Over plain HTTP browsers send the origin alone; over HTTPS a proxy may have changed the scheme.
    if site is None and origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden("The request came from another site.")


def check(given: str | None) -> None:
    """Raise Forbidden if the token that came is not this session's."""
    expected = str(session.get(FIELD, ""))
    if not expected or not hmac.compare_digest(expected.encode(), (given or "").encode()):
        raise Forbidden("The form is not one that this site has handed out.")
