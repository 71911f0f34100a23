"""The express lane beside Flask alone: the same requests, and every byte that comes of them."""

from __future__ import annotations

import io
import json
import re
import shutil
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.security import generate_password_hash
from werkzeug.test import run_wsgi_app

from api.bootstrap.serving import build_parts
from api.config import read_settings
from api.predictions.lines import records_of
from api.predictions.predict import Predictor
from api.predictions.record import Recorder
from api.predictions.similar_jobs import SimilarJobs
from api.predictions.spool import Spool
from api.storage.users import Role
from api.web.app import Parts, create_app
from api.web.draining import Draining
from api.web.express.in_server import with_lane
from api.web.express.lane import ExpressLane
from api.web.sign_in import SignIn, User
from tests.api.web.conftest import settings_for

JSON = "application/json"
# A hash that is quickly made.
QUICK = "pbkdf2:sha256:1"
IRIS = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"
FLOWER = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}
TAPS = {"experience": [{"description": "I fix leaking taps and install boilers", "years": 2}]}
_ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


def basic(pair: bytes) -> str:
    """An Authorization header with a name and a password."""
    return f"Basic {b64encode(pair).decode()}"


RIGHT = basic(b"ada:secret")


@dataclass(frozen=True)
class Sent:
    """A request: what stands in its WSGI environment, and what is so at that moment.

    `length` is what its Content-Length says, "" for the body's true one, None for no such header;
    `terminated` whether the server ends the body itself; `waited` is since the last one, in seconds;
    `forgotten` whether a change of users has made sign-in forget whom it knew.
    """

    method: str = "GET"
    path: str = "/api/v1.0"
    query: str = ""
    body: bytes = b""
    content_type: str | None = None
    length: str | None = ""
    authorization: str | None = RIGHT
    headers: dict[str, str] = field(default_factory=dict)
    terminated: bool = True
    draining: bool = False
    waited: float = 0.0
    forgotten: bool = False

    def environ(self) -> dict[str, Any]:
        """The WSGI environment, with a body that nobody has read yet."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path,
            "QUERY_STRING": self.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
            "HTTP_HOST": "127.0.0.1:8000",
            **self.headers,
        }
        if self.content_type is not None:
            environ["CONTENT_TYPE"] = self.content_type
        if self.length or (self.length == "" and self.body):
            environ["CONTENT_LENGTH"] = self.length or str(len(self.body))
        if self.authorization is not None:
            environ["HTTP_AUTHORIZATION"] = self.authorization
        if self.terminated:
            environ["wsgi.input_terminated"] = True
        return environ


def posted(path: str, body: Any, **more: Any) -> Sent:
    """A POST of a JSON value."""
    return Sent("POST", path, body=json.dumps(body).encode(), content_type=JSON, **more)


def tensor(*values: float) -> dict[str, Any]:
    """A request to infer with one row."""
    return {"inputs": [{"name": "x", "shape": [1, len(values)], "datatype": "FP64", "data": list(values)}]}


PLAIN = {
    "the default model": Sent(query=IRIS),
    "a model by name": Sent(path="/api/v1.0/models/iris/predict", query=IRIS),
    "choices, booleans and a missing value": Sent(
        path="/api/v1.0/models/meadow/predict", query="rain=&soil=clay&watered=yes"
    ),
    "a value that is encoded": Sent(
        path="/api/v1.0/models/meadow/predict", query="rain=+1%32&soil=%63lay&watered=true"
    ),
    "choices and booleans as they are": Sent(
        path="/api/v1.0/models/meadow/predict", query="watered=yes&rain=31.5&soil=clay"
    ),
    "a regressor": Sent(path="/api/v1.0/models/height/predict", query="age=3&light=4.5"),
    "a warning": Sent(query=IRIS.replace("5.1", "1e6")),
    "one row": posted("/api/v1.0/models/iris/predict", {"instances": [FLOWER]}),
    "many rows": posted("/api/v1.0/models/iris/predict", {"instances": [FLOWER] * 30}),
    "a row out of range": posted(
        "/api/v1.0/models/iris/predict", {"instances": [FLOWER | {"petal_width": 99}]}
    ),
    "a mixed row": posted(
        "/api/v1.0/models/meadow/predict", {"instances": [{"rain": 31, "soil": "clay", "watered": False}]}
    ),
    "a mixed row with a gap": posted(
        "/api/v1.0/models/meadow/predict", {"instances": [{"rain": None, "soil": "clay", "watered": False}]}
    ),
    "a row of a regressor": posted(
        "/api/v1.0/models/height/predict", {"instances": [{"age": 3, "light": 5}]}
    ),
    "mixed rows": posted(
        "/api/v1.0/models/meadow/predict",
        {"instances": [{"rain": None, "soil": "moor", "watered": True}, {"soil": "clay", "watered": False}]},
    ),
    "tensors": posted("/v2/models/iris/infer", tensor(5.1, 3.5, 1.4, 0.2)),
    "tensors with an id": posted("/v2/models/height/infer", tensor(3, 4) | {"id": "mine"}),
    "an output in binary": posted(
        "/v2/models/iris/infer",
        tensor(5.1, 3.5, 1.4, 0.2) | {"outputs": [{"name": "predict", "parameters": {"binary_data": True}}]},
    ),
    "titles": posted("/model/similar_jobs", TAPS),
    "some titles": posted("/model/similar_jobs", TAPS, query="top=3"),
    "reasons": Sent(query=f"{IRIS}&explain=1"),
    "titles with reasons": posted("/model/similar_jobs", TAPS, query="explain=1&top=1"),
    "an id of its own": Sent(query=IRIS, headers={"HTTP_X_REQUEST_ID": "mine.1-2_3"}),
    "an id that is none": Sent(query=IRIS, headers={"HTTP_X_REQUEST_ID": "mine\n"}),
    "a stop under way": Sent(query=IRIS, draining=True),
    "a content type without a body": Sent(query=IRIS, content_type=JSON),
}


# Status, headers and body.
Said = tuple[str, list[tuple[str, str]], bytes]


def answer_of(app: WSGIApplication, environ: dict[str, Any]) -> Said:
    """What a WSGI application answers."""
    body, status, headers = run_wsgi_app(app, environ, buffered=True)
    return status, list(headers), b"".join(body)


class Exchange:
    """One request as our server gives it to the lane."""

    def __init__(self, lane: ExpressLane) -> None:
        self._lane = lane
        self._said: Said | None = None

    def answer(self, environ: dict[str, Any]) -> Said:
        """What is answered, once."""
        status = with_lane(self._lane, self._otherwise)(self, environ)
        assert self._said is not None
        assert int(self._said[0].split()[0]) == status
        return self._said

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """What the server would send."""
        assert self._said is None
        self._said = f"{status} {HTTPStatus(status).phrase}", headers, body

    def _otherwise(self, exchange: Any, environ: dict[str, Any]) -> int:
        self._said = answer_of(self._lane.beyond, environ)
        return int(self._said[0].split()[0])


@dataclass
class House:
    """The application with the lane and without it, over the same models, sign-in and spool."""

    parts: Parts
    spool: Spool
    with_lane: Flask
    without: Flask
    now: float = 1000.0

    @property
    def lane(self) -> ExpressLane:
        """The lane of the one that has it."""
        assert isinstance(self.with_lane.wsgi_app, ExpressLane)
        return self.with_lane.wsgi_app

    def sign_in(self) -> None:
        """Have the right credentials verified just now."""
        self.ask(self.without, Sent(path="/nowhere"))

    def ask(self, app: Flask, sent: Sent) -> list[Any]:
        """Everything that comes of a request, but for ids and times: answer, log line, records.

        The lane is asked as our server asks it, in front of what any WSGI server would call.
        """
        if app is self.with_lane:
            return self._said(sent, Exchange(self.lane).answer)
        return self.ask_any_server(app, sent)

    def ask_any_server(self, app: Flask, sent: Sent) -> list[Any]:
        """The same of an application under a server that knows nothing but WSGI."""
        return self._said(sent, lambda environ: answer_of(app, environ))

    def _said(self, sent: Sent, answering: Callable[[dict[str, Any]], Said]) -> list[Any]:
        self.parts.draining.begun = sent.draining
        printed = io.StringIO()
        with redirect_stdout(printed):
            status, headers, body = answering(sent.environ())
        (line,) = printed.getvalue().splitlines()
        seen = [status, headers, body.decode("latin-1"), _timeless(json.loads(line)), self._recorded()]
        return json.loads(_ID.sub("ID", json.dumps(seen)))  # type: ignore[no-any-return]  # it is a list

    def _recorded(self) -> list[Any]:
        self.spool.hand_over()
        lines = []
        for segments in self.spool.abandoned():
            for segment in segments:
                lines += segment.next_lines()
                segment.delete()
        # Without what tells their times.
        return [list(one._replace(at="", seconds=0)) for one in records_of(lines)]


def _timeless(line: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name not in ("time", "seconds")}


@pytest.fixture(scope="module")
def house(garden_dir: Path, jobs_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Both applications, with every kind of model."""
    folder = tmp_path_factory.mktemp("lanes")
    shutil.copytree(garden_dir, folder / "models")
    shutil.copytree(jobs_dir / "similar_jobs", folder / "models" / "similar_jobs")
    # A limit that even a long property test does not reach, or else the first to ask would meet it alone.
    environ = settings_for(folder / "models", folder / "data") | {"SIGN_IN_FAILURES": "1000000"}
    parts = build_parts(read_settings(environ), Draining())
    # Not the parts' own, which is drained.
    spool = Spool(folder / "spool")
    recorder = Recorder(spool)
    made_sign_in = parts.sign_in
    parts = replace(
        parts,
        # One that forgets when it is told to, and not also when a thread sees that a user was changed.
        sign_in=SignIn(*("ada", "secret", 1_000_000), made_sign_in.users, made_sign_in.tokens),
        predictor=Predictor(parts.models, recorder),
        similar_jobs=SimilarJobs(parts.models, recorder),
    )
    made = House(parts, spool, create_app(parts), create_app(replace(parts, express_lane=False)))
    parts.sign_in.clock = lambda: made.now
    yield made
    spool.close()


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_request_is_answered_by_the_lane(house: House, name: str) -> None:
    """The lane answers it itself, as Flask would, and has it recorded and logged as Flask would."""
    house.sign_in()
    alone = house.ask(house.without, PLAIN[name])
    before = house.lane.answered
    assert house.ask(house.with_lane, PLAIN[name]) == alone
    assert house.lane.answered == before + 1
    status, _, _, log, records = alone
    assert status == "200 OK"
    assert log["user"] == "ada"
    assert len(records) == 1


UNUSUAL: dict[str, tuple[Sent, int]] = {
    "a bad value": (Sent(query=IRIS.replace("5.1", "x")), 400),
    "a missing value": (Sent(query="sepal_length=1"), 400),
    "an unknown model": (Sent(path="/api/v1.0/models/tulip/predict"), 404),
    "another method": (Sent("HEAD", query=IRIS), 200),
    "another password": (Sent(query=IRIS, authorization=basic(b"ada:other")), 401),
    "no credentials": (Sent(query=IRIS, authorization=None), 401),
    "credentials of long ago": (Sent(query=IRIS, waited=61.0), 200),
    "a version": (posted("/v2/models/iris/versions/1/infer", tensor(1, 2, 3, 4)), 200),
    "a body of unknown length": (
        replace(PLAIN["one row"], length=None, headers={"HTTP_TRANSFER_ENCODING": "chunked"}),
        200,
    ),
    "a body cut short": (replace(PLAIN["one row"], length="100000", terminated=False), 400),
    "broken JSON": (replace(PLAIN["one row"], body=b"{"), 400),
    "a CSV": (
        Sent(
            "POST",
            "/api/v1.0/models/height/predict",
            body=b"age,light\n3,4\n",
            content_type="text/csv",
        ),
        200,
    ),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_request_is_passed_on(house: House, name: str) -> None:
    """Flask answers it, with its body whole, as if there were no lane."""
    sent, status = UNUSUAL[name]
    house.sign_in()
    before = house.lane.answered
    house.now += sent.waited
    through = house.ask(house.with_lane, sent)
    house.now += sent.waited
    assert through == house.ask(house.without, sent)
    assert house.lane.answered == before
    assert int(through[0].split()[0]) == status


@pytest.mark.parametrize("name", [*PLAIN, *UNUSUAL])
def test_under_any_server_the_answers_are_the_same(house: House, name: str) -> None:
    """The lane is a WSGI application too, in front of Flask."""
    sent = PLAIN[name] if name in PLAIN else UNUSUAL[name][0]
    house.sign_in()
    before = house.lane.answered
    house.now += sent.waited
    through = house.ask_any_server(house.with_lane, sent)
    house.now += sent.waited
    assert through == house.ask(house.without, sent)
    assert house.lane.answered - before == (name in PLAIN)


def test_changed_credentials_are_noticed_at_once(house: House) -> None:
    """As soon as sign-in forgets, an old password is refused in both lanes, and a new one let in."""
    sign_in, users = house.parts.sign_in, house.parts.sign_in.users
    assert users is not None
    users.add("grace", generate_password_hash("one", QUICK), Role.PREDICT, by="test")
    old, new = (Sent(query=IRIS, authorization=basic(pair)) for pair in (b"grace:one", b"grace:two"))
    house.ask(house.without, old)
    before = house.lane.answered
    assert house.ask(house.with_lane, old)[0] == "200 OK"
    assert house.lane.answered == before + 1
    users.set_password("grace", generate_password_hash("two", QUICK), by="test")
    sign_in.forget()
    assert house.ask(house.with_lane, old)[0] == "401 UNAUTHORIZED"
    assert house.ask(house.with_lane, new)[0] == "200 OK"
    assert house.lane.answered == before + 1
    assert house.ask(house.with_lane, new)[3]["user"] == "grace"
    assert house.lane.answered == before + 2
    users.set_disabled("grace", True, by="test")
    sign_in.forget()
    assert house.ask(house.with_lane, new) == house.ask(house.without, new)
    assert house.lane.answered == before + 2


def test_a_token_goes_through_the_lane(house: House) -> None:
    """Who signs in with a token is answered by the lane as with a password."""
    token = house.parts.sign_in.token_for(User("ada", Role.ADMIN))
    assert token is not None
    sent = Sent(query=IRIS, authorization=f"Bearer {token.text}")
    alone = house.ask(house.without, sent)
    before = house.lane.answered
    assert house.ask(house.with_lane, sent) == alone
    assert (alone[0], house.lane.answered) == ("200 OK", before + 1)


def test_another_version_answers_at_once(house: House) -> None:
    """What the lane has made beforehand of a version is not used for the next one."""
    house.sign_in()
    seen = []
    for version in ("1", "2"):
        house.parts.versions.enable("iris", version, by="test")
        alone = house.ask(house.without, PLAIN["the default model"])
        before = house.lane.answered
        assert house.ask(house.with_lane, PLAIN["the default model"]) == alone
        assert house.lane.answered == before + 1
        seen.append(json.loads(alone[2])["version"])
    assert seen == ["1", "2"]


def test_without_the_setting_there_is_no_lane(house: House) -> None:
    """EXPRESS_LANE=0 leaves Flask alone."""
    assert not isinstance(house.without.wsgi_app, ExpressLane)


# What may be changed about a request, one thing at a time.
Change = Callable[[Sent], Sent]
latin = st.text(st.characters(max_codepoint=255), max_size=30)
header_names = st.sampled_from(
    [
        *("HOST", "ACCEPT", "ACCEPT_ENCODING", "CONNECTION", "UPGRADE", "COOKIE", "EXPECT", "RANGE", "TE"),
        *("TRANSFER_ENCODING", "CONTENT_ENCODING", "IF_NONE_MATCH", "ORIGIN", "USER_AGENT", "X_REQUEST_ID"),
        *("X_HTTP_METHOD_OVERRIDE", "INFERENCE_HEADER_CONTENT_LENGTH", "X_FORWARDED_PREFIX", "FORWARDED"),
    ]
)
header_values = st.one_of(
    st.sampled_from(
        [
            "",
            "*/*",
            "text/plain;q=x",
            "upgrade",
            "websocket",
            "chunked",
            "identity",
            "gzip",
            "10",
            "localhost:x",
        ]
    ),
    latin,
)
queries = st.one_of(
    st.sampled_from([one.query for one in PLAIN.values()]),
    st.sampled_from(
        [
            *(f"{IRIS}&sepal_length=1", f"{IRIS}&colour=red", f"{IRIS}&", f"&{IRIS}", f"{IRIS}&&x"),
            *(IRIS.replace("5.1", one) for one in ("", "nan", "1e39", "%35.1", "%D9%A5", "5_1", "%", "+5")),
            *("top=0", "top=3&top=4", "explain=1", "explain=0", "top=2&explain=0", "top=%32", "on_error"),
            *(f"rain={one}&soil=clay&watered=on" for one in ("31", "1e9", "-0.0", "nan", "3e+1", "1_0")),
            *("rain=31&soil=mud&watered=on", "rain=31&rain=31&soil=clay", "soil=clay&watered=0&rain=30.5"),
            *("age=3&light=5", "age=3.0&light=5_0", "age=3.5&light=5", "age=-0&light=5", "light=4&age=1e300"),
            "rain=&soil=&watered=", "rain=1&soil=%ff&watered=0", "rain=1&soil=\xff&watered=1",
        ]
    ),
    latin,
)  # fmt: skip
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10), st.just([]), st.just({})
)
rows = st.fixed_dictionaries(dict.fromkeys(FLOWER, st.one_of(st.floats(-10, 10), values)))
some = st.one_of(
    st.floats(0, 40), st.integers(0, 40), st.booleans(), st.sampled_from(["clay", "", None]), values
)
one_row = st.one_of(
    rows,
    st.fixed_dictionaries({"rain": some, "soil": some, "watered": some}),
    st.fixed_dictionaries({"age": some, "light": some}),
)
bodies = st.one_of(
    st.sampled_from([one.body for one in PLAIN.values()]),
    one_row.map(lambda row: json.dumps({"instances": [row]}).encode()),
    st.lists(rows, max_size=3).map(lambda rows: json.dumps({"instances": rows}).encode()),
    st.dictionaries(st.text(max_size=5), values, max_size=3).map(lambda one: json.dumps(one).encode()),
    st.sampled_from([b"\xef\xbb\xbf{}", b"\xff\xfe", b"[" * 2000, b'{"instances": ["\\ud800"]}', b"NaN"]),
    st.sampled_from([TAPS | {"x": 1}, {"experience": [{"description": "xq"}]}]).map(
        lambda one: json.dumps(one).encode("utf-16")
    ),
    st.binary(max_size=40),
)
changes: st.SearchStrategy[Change] = st.one_of(
    st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "get", "PROPFIND"]).map(
        lambda method: lambda sent: replace(sent, method=method)
    ),
    st.sampled_from(
        [
            *(one.path for one in PLAIN.values()),
            *("/api/v1.0/", "//api/v1.0", "/API/v1.0", "/v2/models/iris/infer/", "/model/similar_jobs/"),
            *("/api/v1.0/models//predict", "/api/v1.0/models/a/b/predict", "/api/v1.0/models/\xe4/predict"),
            *("/api/v1.0/models/predict", "/v2/models/infer", "/v2/models/tulip/infer", "/healthz", ""),
        ]
    ).map(lambda path: lambda sent: replace(sent, path=path)),
    queries.map(lambda query: lambda sent: replace(sent, query=query)),
    bodies.map(lambda body: lambda sent: replace(sent, body=body)),
    st.sampled_from(
        [None, "", JSON, f"{JSON};charset=utf-8", f"{JSON}; charset=latin-1", "text/csv", "multipart/x"]
    ).map(lambda kind: lambda sent: replace(sent, content_type=kind)),
    st.sampled_from([None, "0", "1", "-1", "+5", " 7", "1e3", "²", "999", "33554433", "9" * 30]).map(
        lambda length: lambda sent: replace(sent, length=length, terminated=False)
    ),
    st.sampled_from(
        [
            *(None, "", "Basic", "Basic !", "Bearer x", RIGHT.replace("Basic", "bAsic"), f"{RIGHT} "),
            *(basic(b"ada:other"), basic(b"ada"), basic(b"eve:secret"), basic(b"\xff:\xff"), f"{RIGHT},"),
            f" {RIGHT}",
        ]
    ).map(lambda given: lambda sent: replace(sent, authorization=given)),
    st.tuples(header_names, header_values).map(
        lambda one: lambda sent: replace(sent, headers=sent.headers | {f"HTTP_{one[0]}": one[1]})
    ),
    st.just(lambda sent: replace(sent, draining=True)),
    st.just(lambda sent: replace(sent, forgotten=True)),
    st.sampled_from([30.0, 59.0, 61.0]).map(lambda waited: lambda sent: replace(sent, waited=waited)),
)  # fmt: skip


@given(sent=st.sampled_from(list(PLAIN.values())), changed=st.lists(changes, max_size=3))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_lanes_answer_every_request_alike(house: House, sent: Sent, changed: list[Change]) -> None:
    """Status, headers, bytes, log line and record are the same, whatever is unusual about a request."""
    for change in changed:
        sent = change(sent)
    house.sign_in()
    house.now += sent.waited
    if sent.forgotten:
        house.parts.sign_in.forget()
    through = house.ask(house.with_lane, sent)
    assert through == house.ask(house.without, sent)
