"""Trainings over HTTP, up to where the work begins."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from api.bootstrap.serving import build_app
from api.config import read_settings
from api.storage.engine import open_engine
from api.storage.leases import Lease
from api.storage.queue import Ending, Queue
from api.storage.tables import LEASES
from api.storage.trainings import PROCESSED
from api.web.draining import Draining
from tests.api.web.conftest import AUTH, settings_for

TRAINING = "/api/v1.0/training"
LINK = {"dataset": "https://example.org/a.csv"}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder in which nobody works: another process has the lease of the work for good."""
    open_engine("", tmp_path).dispose()
    return tmp_path


@pytest.fixture
def client(models_dir: Path, data_dir: Path) -> FlaskClient:
    """A client of an application of its own."""
    environ = settings_for(models_dir, data_dir) | {"MOST_DATASET_MB": "1"}
    from api.storage.engine import make_tables  # noqa: PLC0415 (before the application looks for work)

    engine = open_engine("", data_dir)
    make_tables(engine)
    assert Lease(engine, "drain", "nobody").take()
    with engine.begin() as connection:
        connection.execute(update(LEASES).values(until=1e12))
    return build_app(read_settings(environ), Draining()).test_client()


def post(client: FlaskClient, body: Any = None, **more: Any) -> TestResponse:
    """Ask for a training as ada."""
    return client.post(TRAINING, json=LINK if body is None else body, auth=AUTH, **more)


def send(client: FlaskClient, content: bytes, path: str = TRAINING, **fields: str) -> TestResponse:
    """Ask for a training of a file."""
    form = {"file": (io.BytesIO(content), "Größe of things.csv"), **fields}
    return client.post(path, data=form, auth=AUTH)


def test_a_training_is_asked_for_followed_and_cancelled(client: FlaskClient) -> None:
    """201 with an id and where to follow it; pending; cancelled; then it has ended."""
    made = post(client, LINK | {"model": "a", "target": ""})
    assert made.status_code == 201
    id = made.get_json()["id"]
    assert made.headers["Location"] == f"{TRAINING}/{id}"
    shown = client.get(made.headers["Location"], auth=AUTH).get_json()
    assert (shown["status"], shown["progress"], shown["by"], shown["model"]) == ("pending", 0.0, "ada", "a")
    assert shown["request"] == LINK | {"model": "a"}
    assert {"report", "step", "message", "version", "metrics", "enabled", "error"} <= set(shown)
    assert (shown["elapsed_seconds"], shown["expected_seconds"]) == (None, None)
    assert client.delete(f"{TRAINING}/{id}", auth=AUTH).get_json()["status"] == "cancelled"
    again = client.delete(f"{TRAINING}/{id}", auth=AUTH)
    assert (again.status_code, "cancelled" in again.get_json()["detail"]) == (409, True)


def test_what_came_of_it_is_told(client: FlaskClient, data_dir: Path) -> None:
    """Its report stands on the single training and not in the list."""
    id, queue = post(client).get_json()["id"], Queue(open_engine("", data_dir))
    claim = queue.claim(id, "one")
    assert claim is not None
    queue.keep(claim, 0.5, "fit", "a forest")
    shown = client.get(f"{TRAINING}/{id}", auth=AUTH).get_json()
    assert (shown["status"], shown["step"], shown["message"]) == ("processing", "fit", "a forest")
    assert shown["elapsed_seconds"] >= 0
    assert shown["expected_seconds"] >= 0
    queue.end(claim, Ending(PROCESSED, "a", "1", enabled=True, metrics={"f1": 1.0}, report={"rows": 3}))
    shown = client.get(f"{TRAINING}/{id}", auth=AUTH).get_json()
    assert (shown["status"], shown["version"], shown["enabled"]) == ("processed", "1", True)
    assert (shown["metrics"], shown["report"], shown["progress"]) == ({"f1": 1.0}, {"rows": 3}, 1.0)
    assert "report" not in client.get(TRAINING, auth=AUTH).get_json()["trainings"][0]


def test_the_list_has_pages(client: FlaskClient) -> None:
    """Newest first; the last page has no next; a cursor or limit that is none is refused."""
    ids = [post(client).get_json()["id"] for _ in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{TRAINING}?limit=2{cursor and f'&cursor={cursor}'}", auth=AUTH).get_json()
        seen += [one["id"] for one in page["trainings"]]
        cursor = page["next"]
    assert seen == ids[::-1]
    for query in ("limit=0", "limit=101", "limit=x", "cursor=-1", "cursor=99999999999999999", "limit="):
        assert client.get(f"{TRAINING}?{query}", auth=AUTH).status_code == 400


def test_a_file_is_kept_for_its_training(client: FlaskClient, data_dir: Path) -> None:
    """Byte for byte, whatever is in it and wherever its blocks end, under a name that is only its own."""
    for content in (b"a,b\n1,2\n", b"\r\n--", b"x" * 65530 + b"\r\n" * 20, bytes(range(256)) * 300):
        made = send(client, content, model="things")
        assert made.status_code == 201, made.text
        shown = client.get(made.headers["Location"], auth=AUTH).get_json()
        name = shown["request"]["upload"]
        assert name.endswith("-Gr_e_of_things.csv")
        assert (data_dir / "uploads" / name).read_bytes() == content
        assert shown["model"] == "things"


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 400, "Give either dataset"),
        ({"dataset": "ftp://example.org/a.csv"}, 400, "http://"),
        ({"dataset": "https://a:b@example.org/a.csv"}, 400, "no user name"),
        (LINK | {"colour": "red"}, 400, "colour"),
        ({"upload": "../../etc/passwd"}, 400, "no such uploaded file"),
        ({"upload": "x"}, 400, "no such uploaded file"),
        ([], 400, "object"),
        ("x", 400, "object"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(client: FlaskClient, body: Any, status: int, words: str) -> None:
    """With a sentence, and nothing is written down."""
    answer = post(client, body)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert client.get(TRAINING, auth=AUTH).get_json()["trainings"] == []


def test_bodies_that_are_no_form_are_refused(client: FlaskClient, data_dir: Path) -> None:
    """No boundary, no file, two files, broken off, a file that is too long, another type; no file stays."""
    multipart = "multipart/form-data; boundary=b"
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    two = head + b"1\r\n" + head + b"2\r\n--b--\r\n"
    for content_type, body, status in (
        ("multipart/form-data", b"", 400),
        (multipart, b"", 400),
        (multipart, b"--b--\r\n", 400),
        (multipart, b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\na\r\n--b--\r\n', 400),
        (multipart, head + b"1,2", 400),
        (multipart, two, 400),
        (multipart, head + b"1" * (1024**2 + 1) + b"\r\n--b--\r\n", 413),
        (multipart, head + b"1" * (3 * 1024**2) + b"\r\n--b--\r\n", 413),
        ("text/plain", b"a", 415),
    ):
        answer = client.post(TRAINING, data=body, content_type=content_type, auth=AUTH)
        assert answer.status_code == status, (body[:99], answer.text)
    assert send(client, b"a", model="No Name").status_code == 400
    assert send(client, b"a", upload="x").status_code == 400
    assert not (data_dir / "uploads").exists() or list((data_dir / "uploads").iterdir()) == []


def test_a_key_makes_a_request_safe_to_repeat(client: FlaskClient, data_dir: Path) -> None:
    """The same again is the same training; another request with it is refused; a bad key as well."""
    keyed = {"headers": {"Idempotency-Key": "one"}}
    first, second = (post(client, **keyed) for _ in range(2))
    assert (second.status_code, second.get_json()) == (201, first.get_json())
    assert post(client, LINK | {"model": "b"}, **keyed).status_code == 409
    assert post(client, headers={"Idempotency-Key": "a b"}).status_code == 400
    form = {"headers": {"Idempotency-Key": "two"}, "auth": AUTH}
    sent = [
        client.post(TRAINING, data={"file": (io.BytesIO(b"1"), "a.csv")}, **form).get_json() for _ in range(2)
    ]
    assert sent[0] == sent[1]
    assert len(list((data_dir / "uploads").iterdir())) == 1


@pytest.mark.parametrize("id", ["none", "0" * 32, "%00", "0" * 31 + "Z"])
def test_an_unknown_training_is_404(client: FlaskClient, id: str) -> None:
    """Whatever its id looks like."""
    assert client.get(f"{TRAINING}/{id}", auth=AUTH).status_code == 404
    assert client.delete(f"{TRAINING}/{id}", auth=AUTH).status_code == 404


def test_trainings_need_signing_in(client: FlaskClient) -> None:
    """All of it."""
    assert client.post(TRAINING, json=LINK).status_code == 401
    assert client.get(TRAINING).status_code == 401


def test_a_file_is_looked_at_and_then_trained_from(client: FlaskClient, data_dir: Path) -> None:
    """What was found is told, and the file need not be sent again; one that is no CSV is not kept."""
    found = send(client, b"a;b;kind\n" + b"1.5;2;x\n2.5;3;y\n" * 20, f"{TRAINING}/preview").get_json()
    assert (found["file"]["delimiter"], found["target"]["name"]) == (";", "kind")
    assert [one["name"] for one in found["columns"]] == ["a", "b", "kind"]
    assert post(client, {"upload": found["upload"]}).status_code == 201
    refused = send(client, b"%PDF-1.4", f"{TRAINING}/preview")
    assert (refused.status_code, "PDF" in refused.get_json()["detail"]) == (422, True)
    assert [path.name for path in (data_dir / "uploads").iterdir()] == [found["upload"]]


def test_a_look_at_a_link_inside_is_refused(client: FlaskClient) -> None:
    """As a training of it would be: 422 with the sentence."""
    answer = client.post(f"{TRAINING}/preview", json={"dataset": "http://127.0.0.1:1/a.csv"}, auth=AUTH)
    assert (answer.status_code, "DATASET_HOSTS" in answer.get_json()["detail"]) == (422, True)
