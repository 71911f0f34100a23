"""Who is at the pages that want somebody signed in, and the small forms that they send.

A form that is sent when the token has run out is not lost: the page that asks to sign in again holds all
that was typed, and sends it where it was going.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, request

from .. import csrf, sessions
from ..api_client import ApiClient
from ..errors import Busy, SignInNeeded, WrongPassword
from ..moments import span
from ..persons_api import PersonsApi
from ..throttle import Throttle

NAME, PASSWORD = "sign_in_name", "sign_in_password"
NOT_KEPT = (csrf.FIELD, NAME, PASSWORD)
"""Fields of a form that are not sent again: the password is typed anew."""


class SignInRefused(Exception):
    """Somebody tried to sign in and was not let in: why, as a sentence, and the page's status."""

    def __init__(self, name: str, sentence: str, status: int, retry_after: int | None = None) -> None:
        super().__init__("a sign-in was refused")
        self.name = name
        self.sentence = sentence
        self.status = status
        self.retry_after = retry_after


class People:
    """Signs people in at the API, and asks it in their name."""

    def __init__(self, api: ApiClient, throttle: Throttle) -> None:
        self._api = api
        self._throttle = throttle

    def api(self) -> PersonsApi:
        """The API for who is signed in; raises SignInNeeded."""
        person = sessions.signed_in()
        if person is None:
            raise SignInNeeded("nobody is signed in")
        return PersonsApi(self._api, person)

    def posted(self) -> dict[str, str]:
        """The fields of a small form of this site's own pages; raises Forbidden for another's.

        Where it holds a name and a password, because the token had run out, they are signed in with.
        """
        csrf.refuse_other_sites()
        fields = request.form.to_dict()
        csrf.check(fields.get(csrf.FIELD))
        self.accept(fields)
        return fields

    def accept(self, fields: Mapping[str, str]) -> None:
        """Note what a checked form holds, and sign in with it where it says who; raises SignInRefused."""
        g.posted = {name: value for name, value in fields.items() if name not in NOT_KEPT}
        if NAME in fields:
            self.sign_in(fields[NAME].strip(), fields.get(PASSWORD, ""))

    def sign_in(self, name: str, password: str) -> None:
        """Sign somebody in; raises SignInRefused."""
        address = request.remote_addr or ""
        if not name or not password:
            raise SignInRefused(name, "Please give both your name and your password.", 400)
        if ":" in name:
            raise SignInRefused(name, "A name has no colon in it.", 400)
        wait = self._throttle.seconds_to_wait(name, address)
        if wait:
            raise _too_many(name, wait)
        try:
            sessions.keep(self._api.sign_in(name, password))
        except WrongPassword:
            self._throttle.note_failure(name, address)
            sentence = "There is nobody with this name and this password. Capital letters count."
            raise SignInRefused(name, sentence, 401) from None
        except Busy as busy:
            raise _too_many(name, busy.retry_after or 60) from None


def kept_fields() -> dict[str, str]:
    """What the form of this request held, to be sent again."""
    kept: dict[str, str] = g.get("posted", {})
    return kept


def safe_path(text: str | None, otherwise: str) -> str:
    """An address of this site that came from outside, or another one if it leads anywhere else."""
    if not text or len(text) > 2000 or not text.isprintable():
        return otherwise
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) else otherwise


def _too_many(name: str, seconds: int) -> SignInRefused:
    sentence = f"There were too many attempts with this name. Please wait {span(seconds)}, then try again."
    return SignInRefused(name, sentence, 429, seconds)
