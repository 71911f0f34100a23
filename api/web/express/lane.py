"""The lane itself: a WSGI application in front of another one."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.exceptions import HTTPException

from api.errors import BouquetError
from api.ids import new_hex
from api.web.answer import ON_EVERY_ANSWER, Answer
from api.web.draining import END_CONNECTION, Draining
from api.web.express.plain_answers import Found, PlainAnswers
from api.web.express.plain_request import Environ, is_plain, plain_body
from api.web.express.resting import Resting
from api.web.request_log import HEADER, log_answer, request_id
from api.web.sign_in import SignIn

_log = logging.getLogger(__name__)

# The bytes of a body up to which a request is little work.
_LITTLE = 16 * 1024


class ExpressLane:
    """Answers plain requests and passes everything else on to `app`, as it came.

    `answered` counts what it has answered itself; threads may lose a count.
    """

    def __init__(
        self, app: WSGIApplication, answers: PlainAnswers, sign_in: SignIn, draining: Draining
    ) -> None:
        self._app = app
        self._answers = answers
        self._sign_in = sign_in
        self._draining = draining
        self._resting = Resting()
        self.answered = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        started = time.perf_counter()
        asked = self._asked(environ)
        if asked is None:
            return self._pass_on(environ, start_response)
        found, body, user = asked
        if len(body) > _LITTLE:
            self._resting.leave()
        answer = _answer(found, environ.get("QUERY_STRING", ""), body, user)
        if answer is None:
            return self._pass_on(environ, start_response)
        if not found.known:
            self._answers.remember(found)
        self.answered += 1
        given = environ.get("HTTP_X_REQUEST_ID")
        id = request_id(given) if given else new_hex()
        log_answer(id, found.logged, started, user)
        start_response("200 OK", self._headers(answer, id))
        # With this server and protocol nobody waits for this thread's return.
        if (
            environ["SERVER_PROTOCOL"] == "HTTP/1.1"
            and environ.get("SERVER_SOFTWARE") == "Granian"
            and not self._draining.begun
            and self._resting.may_rest()
        ):
            return self._resting.behind(answer.body)
        return [answer.body]

    def _pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        self._resting.leave()
        return self._app(environ, start_response)

    def _headers(self, answer: Answer, id: str) -> list[tuple[str, str]]:
        """The headers in the order in which Flask has them."""
        length = ("Content-Length", str(len(answer.body)))
        content_type = ("Content-Type", answer.content_type)
        ending = (END_CONNECTION,) if self._draining.begun else ()
        return [*answer.headers, content_type, length, *ending, *ON_EVERY_ANSWER, (HEADER, id)]

    def _asked(self, environ: Environ) -> tuple[Found, bytes, str] | None:
        """What is asked, its body and who asks, where it is plain and he has signed in a moment ago."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        found = self._answers.find(method, path)
        if found is None or not is_plain(environ):
            return None
        user = self._sign_in.lately(environ.get("HTTP_AUTHORIZATION", ""))
        if user is None or not user.role.may(found.needs):
            return None
        body = b"" if method == "GET" else plain_body(environ)
        if body is None:
            return None
        return found, body, user.name


def _answer(found: Found, query: str, body: bytes, user: str) -> Answer | None:
    """The answer, or None where Flask is to say why there is none."""
    try:
        return found.answering(query, body, user)
    except (BouquetError, HTTPException):
        return None  # It is raised there once more, and turned into a problem.
    except Exception:
        _log.exception("unforeseen error in the express lane, at %s", found.route)
        return None
