"""The API over HTTP: the only module that imports requests.

One pooled session, credentials on every request, time limits, and one more attempt if no
connection could be made. A request that has reached the API is never sent twice.
Every method raises one of `errors.ApiError` when it cannot return what it promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.exceptions import TimeoutError as Urllib3Timeout
from urllib3.util import Retry

from .cards import Card, Listing, Routes, read_card, read_listing
from .errors import (
    ApiError,
    BrokenAnswer,
    CannotReach,
    InputRefused,
    TookTooLong,
    UnknownTitle,
    WrongPassword,
)
from .people import Person, read_person
from .refusals import persons_refusal, refusal
from .titles import Skills, read_skills, read_titles

ROOT = "/api/v1.0"
CONNECT_SECONDS = 3.0
KEPT_OPEN = 256
"""Connections, as many as there can be threads."""

BLOCK = 64 * 1024


@dataclass(frozen=True)
class Waits:
    """How many seconds to wait for an answer, and for the answer to a CSV."""

    answer: float
    csv: float


@dataclass(frozen=True)
class Download:
    """What the API sends back for a CSV: its blocks as they come, and their length where it is known."""

    blocks: Iterator[bytes]
    length: str | None


class ApiClient:
    """The API at `url`; `request_id` gives the id that is passed on with each request."""

    def __init__(
        self,
        url: str,
        username: str,
        password: str,
        waits: Waits,
        request_id: Callable[[], str | None],
    ) -> None:
        self._url = url
        connect = min(CONNECT_SECONDS, waits.answer)
        self._timeout = (connect, waits.answer)
        self._csv_timeout = (connect, waits.csv)
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

    def listing(self) -> Listing:
        """The models that are served."""
        return read_listing(self._json(f"{ROOT}/models"))

    def card(self, name: str) -> Card:
        """The card of a model by its name; raises UnknownModel."""
        return read_card(self._json(f"{ROOT}/models/{quote(name, safe='')}"))

    def predict(self, name: str, pairs: Sequence[tuple[str, str]]) -> Any:
        """A model's answer to names and values, as JSON; raises InputRefused."""
        return self._json(f"{ROOT}/models/{quote(name, safe='')}/predict", params=list(pairs))

    def rank(self, routes: Routes, experiences: Sequence[Mapping[str, Any]]) -> Any:
        """The titles for some experiences, as JSON, explained where that is possible; raises InputRefused."""
        body = {"experience": list(experiences)}
        try:
            return self._json(routes.rank, "POST", params={"explain": "1"}, json=body)
        except InputRefused:
            # A very long text is answered and not explained; whatever else is wrong is said again.
            return self._json(routes.rank, "POST", json=body)

    def titles(self, routes: Routes) -> tuple[str, ...]:
        """All titles that are ranked."""
        return read_titles(self._json(routes.titles))

    def skills(self, routes: Routes, title: str) -> Skills:
        """What a title takes; raises UnknownTitle."""
        if title in (".", ".."):
            # Whatever sends these in a path takes them for a way up, however they are written.
            raise UnknownTitle(())
        return read_skills(self._json(f"{routes.skills}/{quote(title, safe='')}"))

    def score_csv(self, name: str, blocks: Iterable[bytes], *, skip: bool) -> Download:
        """The CSV that comes in `blocks` with the answers of a model beside its rows.

        Both ways it passes through and is never here as a whole. Raises InputRefused for its header,
        CellsRefused for its cells unless rows that do not fit are to be skipped, and what `blocks` raises.
        """
        response = self._send(
            "POST",
            f"{ROOT}/models/{quote(name, safe='')}/predict",
            accept="text/csv",
            timeout=self._csv_timeout,
            params={"on_error": "skip"} if skip else None,
            data=iter(blocks),
            headers={"Content-Type": "text/csv"},
            stream=True,
        )
        if response.status_code != 200:
            raise refusal(response.status_code, response.headers, _body(response))
        return Download(_blocks(response), response.headers.get("Content-Length"))

    def sign_in(self, name: str, password: str) -> Person:
        """The person of that name, with a token that stands for the password; raises WrongPassword."""
        pair = HTTPBasicAuth(name.encode(), password.encode())
        response = self._send(
            "POST", f"{ROOT}/tokens", accept="application/json", timeout=self._timeout, auth=pair, data=b""
        )
        if response.status_code == 401:
            raise WrongPassword("the API knows no such name and password")
        if response.status_code not in (200, 201):
            raise persons_refusal(response.status_code, response.headers, response.content)
        return read_person(_parsed(response))

    def for_person(self, token: str, method: str, path: str, *, patient: bool = False, **more: Any) -> Any:
        """The JSON that the API answers to somebody who is signed in, None where it is nothing.

        `patient` waits as long as for a CSV; `more` may hold `params`, `json`, `data` and `headers`.
        Raises SignInNeeded, and one of `errors.Spoken` for what the API does not do.
        """
        waits = self._csv_timeout if patient else self._timeout
        response = self._send(
            method, ROOT + path, accept="application/json", timeout=waits, auth=_Bearer(token), **more
        )
        if not 200 <= response.status_code < 300:
            raise persons_refusal(response.status_code, response.headers, response.content)
        return _parsed(response) if response.content else None

    def download_for_person(self, token: str, path: str, params: dict[str, str]) -> Download:
        """A CSV that the API sends to somebody who is signed in, as it comes."""
        response = self._send(
            "GET",
            ROOT + path,
            accept="text/csv",
            timeout=self._csv_timeout,
            auth=_Bearer(token),
            params=params,
            stream=True,
        )
        if response.status_code != 200:
            raise persons_refusal(response.status_code, response.headers, _body(response))
        return Download(_blocks(response), response.headers.get("Content-Length"))

    def _json(self, path: str, method: str = "GET", **more: Any) -> Any:
        response = self._send(method, path, accept="application/json", timeout=self._timeout, **more)
        if response.status_code != 200:
            raise refusal(response.status_code, response.headers, response.content)
        return _parsed(response)

    def _send(
        self, method: str, path: str, *, accept: str, headers: dict[str, str] | None = None, **more: Any
    ) -> requests.Response:
        sent = {"Accept": accept, **(headers or {})}
        request_id = self._request_id()
        if request_id:
            sent["X-Request-ID"] = request_id
        try:
            return self._session.request(
                method, self._url + path, headers=sent, allow_redirects=False, **more
            )
        except requests.RequestException as error:
            raise _failure(error) from None


class _Bearer(AuthBase):
    """A token in place of this site's own name and password."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _parsed(response: requests.Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        raise BrokenAnswer("an answer of the API was not JSON") from None


def _body(response: requests.Response) -> bytes:
    try:
        return response.content
    except requests.RequestException as error:
        raise _failure(error) from None


def _blocks(response: requests.Response) -> Iterator[bytes]:
    """The body as it comes; a body that breaks off raises, so that the download breaks off too."""
    with response:
        try:
            yield from response.iter_content(BLOCK)
        except requests.RequestException as error:
            raise _failure(error) from None


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
