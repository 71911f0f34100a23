"""The API over HTTP: the only module that imports requests.

One pooled session, credentials on every request, time limits, and one more attempt if no
connection could be made. A request that has reached the API is never sent twice.
Every method raises one of `errors.ApiError` when it cannot return what it promises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, unquote

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import TimeoutError as Urllib3Timeout
from urllib3.util import Retry

from .cards import Card, read_card, read_default_name
from .errors import (
    ApiError,
    BrokenAnswer,
    Busy,
    CannotReach,
    Complaint,
    InputRefused,
    NotAllowed,
    TookTooLong,
    UnknownModel,
)

ROOT = "/api/v1.0"
CONNECT_SECONDS = 3.0
KEPT_OPEN = 256
"""Connections, as many as there can be threads."""

MEANS: dict[int, type[ApiError]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: UnknownModel,
    504: TookTooLong,
}


class ApiClient:
    """The API at `url`; `request_id` gives the id that is passed on with each request."""

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        timeout: float,
        request_id: Callable[[], str | None],
    ) -> None:
        self._root = url + ROOT
        self._timeout = (min(CONNECT_SECONDS, timeout), timeout)
        self._request_id = request_id
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = HTTPBasicAuth(username.encode(), password.encode())
        # read=False hands a read error on as what it is; read=0 would wrap it as a connection error
        once_more = Retry(
            connect=1, read=False, status=0, redirect=0, other=0, respect_retry_after_header=False
        )
        adapter = HTTPAdapter(pool_maxsize=KEPT_OPEN, max_retries=once_more)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, adapter)

    def default_card(self) -> Card:
        """The card of the model that answers when none is named."""
        return self.card(read_default_name(self._get("/models")))

    def card(self, name: str) -> Card:
        """The card of a model by its name; raises UnknownModel."""
        return read_card(self._get(f"/models/{quote(name, safe='')}"))

    def predict(self, pairs: Sequence[tuple[str, str]]) -> Any:
        """The default model's answer to names and values, as JSON; raises InputRefused."""
        return self._get("", pairs)

    def _get(self, path: str, pairs: Sequence[tuple[str, str]] = ()) -> Any:
        request_id = self._request_id()
        headers = {"Accept": "application/json"}
        if request_id:
            headers["X-Request-ID"] = request_id
        try:
            response = self._session.get(
                self._root + path,
                params=list(pairs),
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise _failure(error) from None
        return _read(response)


def _failure(error: requests.RequestException) -> ApiError:
    """Which kind of failure it was. The error's own text is dropped: it holds the query string."""
    if isinstance(error, requests.Timeout) or _timed_out(error):
        return TookTooLong("no answer of the API in time")
    if isinstance(error, requests.exceptions.ConnectionError) and _never_connected(error):
        return CannotReach("no connection to the API")
    return BrokenAnswer("the connection to the API broke before the answer was whole")


def _timed_out(error: requests.RequestException) -> bool:
    return any(isinstance(cause, Urllib3Timeout) for cause in error.args)


def _never_connected(error: requests.RequestException) -> bool:
    """urllib3 gives up with `reason` set when, after its second attempt, there is no connection."""
    return any(getattr(cause, "reason", None) is not None for cause in error.args)


def _read(response: requests.Response) -> Any:
    if response.status_code == 200:
        return _json(response)
    raise _refusal(response)


def _json(response: requests.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        raise BrokenAnswer("an answer of the API was not JSON") from None


def _refusal(response: requests.Response) -> ApiError:
    """An answer that is not 200, as the error it means."""
    status = response.status_code
    if status in (400, 422):
        return InputRefused(_complaints(_json(response)))
    if status in (413, 414, 431):
        return InputRefused((Complaint(None, "This is more than the model can take at once."),))
    if status in (429, 503):
        return Busy(f"the API answered {status}", _seconds(response.headers.get("Retry-After")))
    return MEANS.get(status, BrokenAnswer)(f"the API answered {status}")


def _complaints(problem: Any) -> tuple[Complaint, ...]:
    """What a 400 complains of: one for each of its errors, else its message as a whole."""
    if not isinstance(problem, dict):
        raise BrokenAnswer("a 400 of the API was not an object")
    listed = [item for item in problem.get("errors") or () if isinstance(item, dict)]
    if listed:
        return tuple(Complaint(_name(item.get("pointer")), str(item.get("detail"))) for item in listed)
    message = problem.get("message")
    if isinstance(message, dict):
        return tuple(Complaint(str(name), str(detail)) for name, detail in message.items())
    if isinstance(message, str) and message:
        return (Complaint(None, message),)
    raise BrokenAnswer("a 400 of the API did not say what is wrong")


def _name(pointer: Any) -> str | None:
    """The parameter that a JSON pointer in URI form ("#/petal_length") leads to."""
    if not isinstance(pointer, str) or not pointer.startswith("#/"):
        return None
    return unquote(pointer[2:]).replace("~1", "/").replace("~0", "~")


def _seconds(retry_after: str | None) -> int | None:
    return int(retry_after) if retry_after and retry_after.isdigit() else None
