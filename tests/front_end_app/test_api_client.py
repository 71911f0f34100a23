"""The API client against a real server that answers, refuses, hangs, cuts and talks nonsense."""

from __future__ import annotations

import base64
import socket

import pytest

from front_end_app.api_client import ApiClient, Waits
from front_end_app.errors import (
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

from .fake_api import FakeApi, Reply, fake_api
from .samples import ANSWER, IRIS, serving

PAIRS = [("sepal_length", "5.1"), ("sepal_width", "3.5"), ("petal_length", "1.4"), ("petal_width", "0.2")]


def client_of(url: str, timeout: float = 0.3) -> ApiClient:
    """A client with credentials that are not ASCII."""
    return ApiClient(url, "gärtner", "pass: ü€", Waits(timeout, timeout), lambda: "an-id")


@pytest.fixture
def client(api: FakeApi) -> ApiClient:
    """A client of the fake API."""
    return client_of(api.url)


def failure(client: ApiClient) -> ApiError:
    """What a prediction fails with."""
    with pytest.raises(ApiError) as failed:
        client.predict("iris", PAIRS)
    return failed.value


def test_the_default_model_is_found_by_the_list(client: ApiClient) -> None:
    """The front end names no model: the API says which one is the default."""
    assert client.card(client.listing().default).title == "Iris species"


def test_a_prediction_comes_back_as_json(client: ApiClient, api: FakeApi) -> None:
    """Names and values arrive as they were given, in their order."""
    assert client.predict("iris", PAIRS) == ANSWER
    assert api.received[-1].pairs == PAIRS


def test_every_request_is_signed_and_numbered(client: ApiClient, api: FakeApi) -> None:
    """Basic auth in UTF-8, and the id that the front end logs."""
    client.predict("iris", PAIRS)
    scheme, _, credentials = api.received[-1].headers["Authorization"].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(credentials).decode() == "gärtner:pass: ü€"
    assert api.received[-1].headers["X-Request-ID"] == "an-id"


def test_odd_characters_arrive_unchanged(client: ApiClient, api: FakeApi) -> None:
    """What was typed is not reinterpreted on the way."""
    odd = [("sepal_length", "a&b=c#d%20 +\x00é\N{REPLACEMENT CHARACTER}"), ("ü/~", "")]
    with pytest.raises(InputRefused):
        client.predict("iris", odd)
    assert api.received[-1].pairs == odd


def test_proxies_and_netrc_of_the_machine_are_not_used(
    client: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API is a neighbour: a proxy set for other reasons must not see the requests."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert client.predict("iris", PAIRS) == ANSWER


def test_nobody_there() -> None:
    """A port that nothing listens on cannot be reached."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert isinstance(failure(client_of(f"http://127.0.0.1:{unused.getsockname()[1]}")), CannotReach)


def test_a_name_that_does_not_exist() -> None:
    """An API_URL whose host is unknown cannot be reached."""
    assert isinstance(failure(client_of("http://api.invalid:8000")), CannotReach)


def test_an_api_that_was_restarted() -> None:
    """A connection kept from before is dead; the next request makes a new one and succeeds."""
    with fake_api(serving(IRIS)) as before:
        client = client_of(before.url)
        assert client.predict("iris", PAIRS) == ANSWER
    with fake_api(serving(IRIS), port=int(before.url.rpartition(":")[2])):
        assert client.predict("iris", PAIRS) == ANSWER


def test_an_api_that_hangs(client: ApiClient, api: FakeApi) -> None:
    """No answer in time is told apart from no connection, and is not tried again."""
    api.behave = api.hang
    assert isinstance(failure(client), TookTooLong)
    assert len(api.received) == 1


def test_an_api_that_hangs_in_the_middle_of_its_answer(client: ApiClient, api: FakeApi) -> None:
    """Half an answer and then silence is too slow as well."""
    api.behave = lambda _: Reply(200, b'{"response"', (("Content-Length", "500"),), stay=True)
    assert isinstance(failure(client), TookTooLong)


def test_an_api_that_cuts(client: ApiClient, api: FakeApi) -> None:
    """A request that has reached the API is not sent again: it may have been recorded."""
    api.behave = lambda _: None
    assert isinstance(failure(client), BrokenAnswer)
    assert len(api.received) == 1


def test_an_api_that_stops_in_the_middle_of_its_answer(client: ApiClient, api: FakeApi) -> None:
    """An answer shorter than it says is not used."""
    api.behave = lambda _: Reply(200, b'{"response"', (("Content-Length", "500"),))
    assert isinstance(failure(client), BrokenAnswer)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(200, b"<html>hello</html>"), BrokenAnswer),
        (Reply(200, b"\xff\xfe\x00"), BrokenAnswer),
        (Reply(200, b"[" * 100_000), BrokenAnswer),
        (Reply(302, {}, (("Location", "http://elsewhere.invalid/"),)), BrokenAnswer),
        (Reply(204, b""), BrokenAnswer),
        (Reply(400, b"Bad"), BrokenAnswer),
        (Reply(400, ["Bad"]), BrokenAnswer),
        (Reply(400, {}), BrokenAnswer),
        (Reply(401, {"message": "Unauthorized access"}), NotAllowed),
        (Reply(403, {}), NotAllowed),
        (Reply(404, {}), UnknownModel),
        (Reply(405, {}), BrokenAnswer),
        (Reply(429, {}), Busy),
        (Reply(500, {"message": "Internal"}), BrokenAnswer),
        (Reply(502, b""), BrokenAnswer),
        (Reply(503, {}), Busy),
        (Reply(504, {}), TookTooLong),
    ],
)
def test_answers_that_are_none(client: ApiClient, api: FakeApi, reply: Reply, kind: type[ApiError]) -> None:
    """Each status and each kind of nonsense is one of the errors of the tree."""
    api.behave = lambda _: reply
    assert type(failure(client)) is kind


@pytest.mark.parametrize(("given", "wait"), [("7", 7), ("tomorrow", None)])
def test_a_busy_api_may_say_how_long_to_wait(
    client: ApiClient, api: FakeApi, given: str, wait: int | None
) -> None:
    """Its Retry-After is kept, if it is a number of seconds, and the request is not sent again."""
    api.behave = lambda _: Reply(503, {}, (("Retry-After", given),))
    busy = failure(client)
    assert isinstance(busy, Busy)
    assert busy.retry_after == wait
    assert len(api.received) == 1


@pytest.mark.parametrize(
    ("body", "complaints"),
    [
        (
            {"errors": [{"pointer": "#/petal_length", "detail": "Too odd."}, {"detail": "All odd."}]},
            (Complaint("petal_length", "Too odd."), Complaint(None, "All odd.")),
        ),
        (
            {"errors": [{"pointer": "#/a~1b%20c~0d", "detail": "Unknown."}]},
            (Complaint("a/b c~d", "Unknown."),),
        ),
        ({"message": {"petal_length": "Please."}}, (Complaint("petal_length", "Please."),)),
        ({"message": "No."}, (Complaint(None, "No."),)),
    ],
)
def test_complaints_are_read(
    client: ApiClient, api: FakeApi, body: object, complaints: tuple[Complaint, ...]
) -> None:
    """From the list with pointers, or else from the message that every error has."""
    api.behave = lambda _: Reply(400, body)
    refused = failure(client)
    assert isinstance(refused, InputRefused)
    assert refused.complaints == complaints


def test_too_long_for_the_api(client: ApiClient, api: FakeApi) -> None:
    """A query that the API's server does not read is the input's fault, and said so."""
    api.behave = lambda _: Reply(414, b"")
    assert isinstance(failure(client), InputRefused)


def test_no_error_holds_what_was_entered() -> None:
    """Errors are logged; the address with its query string is not in their text."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = failure(client_of(f"http://127.0.0.1:{unused.getsockname()[1]}"))
    assert "sepal_length" not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__
