"""Who is signed in, kept in the session cookie: the API's token and never a password.

The cookie is signed, no script can read it, other sites cannot have it sent with a form, and over HTTPS
it never goes over plain HTTP.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface

from .people import Person, kept_person, to_keep

KEY = "person"


def install(app: Flask) -> None:
    """Mark the cookie for HTTPS where the page comes over it, and give templates `signed_in()`."""
    app.session_interface = _Sessions()
    app.add_template_global(signed_in, "signed_in")


def signed_in() -> Person | None:
    """Who is signed in and not expired."""
    person = last_signed_in()
    return None if person is None or person.is_expired(datetime.now(UTC)) else person


def last_signed_in() -> Person | None:
    """The same, also where the token has run out meanwhile."""
    return kept_person(session.get(KEY))


def keep(person: Person) -> None:
    """Begin a session of that person. What was in the one before, its form token too, is gone."""
    session.clear()
    session[KEY] = to_keep(person)


def forget() -> None:
    """End the session."""
    session.clear()


def forget_token() -> None:
    """Keep no token that the API does not accept any more."""
    session.pop(KEY, None)


def over_https() -> bool:
    """Whether the browser came over HTTPS, by itself or, as a proxy says, to that proxy.

    Who lies about it only marks a cookie of their own.
    """
    return request.is_secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"


class _Sessions(SecureCookieSessionInterface):
    """Flask's own signed cookie."""

    def get_cookie_secure(self, app: Flask) -> bool:
        """Whether the cookie may only go over HTTPS."""
        return over_https()
