"""The lane itself: what answers a plain request, in front of an application that answers the others."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.exceptions import HTTPException

from api.errors import BouquetError
from api.ids import new_hex
from api.web.answer import ON_EVERY_ANSWER
from api.web.draining import END_CONNECTION, Draining
from api.web.express.plain_answers import PlainAnswers
from api.web.express.plain_request import Environ, is_plain, plain_body
from api.web.express.resting import Resting
from api.web.request_log import HEADER, log_answer, request_id
from api.web.sign_in import SignIn

_log = logging.getLogger(__name__)

# The bytes of a body up to which a request is little work.
_LITTLE = 16 * 1024

# Headers and body of a 200.
Answered = tuple[list[tuple[str, str]], bytes]


class ExpressLane:
    """Answers plain requests; everything else is for `beyond`, as it came.

    `answered` counts what it has answered itself; threads may lose a count. `resting` has those threads that
    are not needed meanwhile, where the server can spare them.
    """

    def __init__(
        self, beyond: WSGIApplication, answers: PlainAnswers, sign_in: SignIn, draining: Draining
    ) -> None:
        self.beyond = beyond
        self._answers = answers
        self._sign_in = sign_in
        self.draining = draining
        self.resting = Resting()
        self.answered = 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request to a WSGI application."""
        answered = self.answer(environ)
        if answered is None:
            return self.beyond(environ, start_response)
        headers, body = answered
        start_response("200 OK", headers)
        return [body]

    def answer(self, asked: Environ) -> Answered | None:
        """What is said to a request that is plain, of a user who has signed in a moment ago.

        `asked` is its WSGI environ, or that part of it which is the request's own. None where somebody else
        is to answer, to whom it is as it was.
        """
        started = time.perf_counter()
        method, path, query = asked["REQUEST_METHOD"], asked["PATH_INFO"], asked.get("QUERY_STRING", "")
        found = self._answers.find(method, path)
        if found is None or not is_plain(asked):
            return None
        user = self._sign_in.lately(asked.get("HTTP_AUTHORIZATION", ""))
        if user is None or not user.role.may(found.needs):
            return None
        body = b"" if method == "GET" else plain_body(asked)
        if body is None:
            return None
        if len(body) > _LITTLE:
            self.resting.leave()
        try:
            answer = found.answering(query, body, user.name)
        except (BouquetError, HTTPException):
            return None  # It is raised there once more, and turned into a problem.
        except Exception:
            _log.exception("unforeseen error in the express lane, at %s", found.route)
            return None
        if not found.known:
            self._answers.remember(found)
        self.answered += 1
        given = asked.get("HTTP_X_REQUEST_ID")
        id = request_id(given) if given else new_hex()
        log_answer(id, found.logged, started, user.name)
        # In the order in which Flask has them.
        length = ("Content-Length", str(len(answer.body)))
        ending = (END_CONNECTION,) if self.draining.begun else ()
        headers = [*answer.headers, ("Content-Type", answer.content_type), length, *ending, *ON_EVERY_ANSWER]
        headers.append((HEADER, id))
        return headers, answer.body
