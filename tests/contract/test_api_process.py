"""The API through its real server."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from api.web import draining
from tests.services import DEADLINE, PASSWORD, ROOT, USERNAME, Service, clean_environment, running_api

AUTH = requests.auth.HTTPBasicAuth(USERNAME.encode(), PASSWORD.encode())
QUERY = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"


def test_a_prediction_over_http(api: Service) -> None:
    """The curl of the README, from another client: JSON content type, no body, basic authentication."""
    headers = {"Content-Type": "application/json"}
    answer = requests.get(f"{api.url}/api/v1.0?{QUERY}", auth=AUTH, headers=headers, timeout=30)
    assert answer.status_code == 200
    assert answer.json()["response"]["predicted_species"] == "Iris-Setosa"


def raw_status(api: Service, target: bytes) -> int:
    """The status that a request line with these very bytes gets."""
    address = urlsplit(api.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        response = http.client.HTTPResponse(connection)
        response.begin()
        response.read()
        return response.status


@settings(max_examples=100, deadline=None)
@given(query=st.binary(max_size=40))
def test_any_bytes_on_the_wire_are_refused_or_answered(api: Service, query: bytes) -> None:
    """Whatever bytes stand in the request line, nothing is a server error, and the service goes on."""
    # A line's end or a space would end the target, and is another request altogether.
    target = b"/api/v1.0?" + query.translate(None, b"\r\n \t\x00\x0b\x0c")
    assert 400 <= raw_status(api, target) < 500


def test_a_very_long_query_is_refused(api: Service) -> None:
    """A query of a megabyte is a client's error."""
    address = urlsplit(api.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
    try:
        connection.request("GET", "/api/v1.0?sepal_length=" + "1" * 1_000_000)
        status = connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = 431  # The server may close before the whole line is sent.
    finally:
        connection.close()
    assert status in {400, 401, 414, 431}
    assert requests.get(f"{api.url}/healthz", timeout=30).status_code == 200


def test_each_request_is_one_json_line_without_its_query(api: Service) -> None:
    """Standard output holds JSON lines only; the request's has its id, and no measurement."""
    requests.get(
        f"{api.url}/api/v1.0?{QUERY}", auth=AUTH, headers={"X-Request-ID": "line-of-log"}, timeout=30
    )
    lines = [json.loads(line) for line in api.log.splitlines()]
    (line,) = [one for one in lines if one.get("id") == "line-of-log"]
    assert (line["method"], line["route"], line["status"], line["user"]) == (
        "GET",
        "/api/v1.0",
        200,
        USERNAME,
    )
    assert "sepal" not in json.dumps(lines)


def test_sigterm_answers_what_was_asked_before(models_dir: Path, tmp_path: Path) -> None:
    """Of many requests under way when the service is told to stop, none is cut off half-way."""
    statuses: list[int] = []
    cut: list[Exception] = []
    stop = threading.Event()

    def ask(service: Service) -> None:
        while not stop.is_set():
            try:
                statuses.append(
                    requests.get(f"{service.url}/api/v1.0?{QUERY}", auth=AUTH, timeout=30).status_code
                )
            except requests.ConnectionError as error:
                # Refused: never accepted. Anything else was accepted and then not answered.
                if "refused" not in str(error):
                    cut.append(error)
                return

    with running_api(models_dir, tmp_path) as service:
        callers = [threading.Thread(target=ask, args=(service,)) for _ in range(4)]
        for caller in callers:
            caller.start()
        while len(statuses) < 50:
            stop.wait(0.01)
        assert service.stop() == 0
        for caller in callers:
            caller.join(30)
        stop.set()
        closed = draining.NOT_CLOSED not in service.log
    # Where the system does not let this user close the door first, a connection can come in with the
    # last: it has not been answered, and not cut in an answer either.
    assert not cut or (not closed and all("without response" in str(one) for one in cut))
    assert set(statuses) == {200}


def wait_for(condition: Callable[[], bool]) -> None:
    """Return once `condition` holds; fail after the deadline."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come to hold"
        time.sleep(0.05)


def test_a_worker_that_is_killed_is_replaced(models_dir: Path, tmp_path: Path) -> None:
    """A serving process killed outright is followed by another one that answers."""
    with running_api(models_dir, tmp_path) as service:
        worker = int(service.log.split("Spawning worker-1 with PID: ")[1].split('"')[0])
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: "Respawning worker-1" in service.log)
        wait_for(lambda: is_ready(service))


def is_ready(service: Service) -> bool:
    """Whether the service answers that it is ready."""
    try:
        return requests.get(f"{service.url}/readyz", timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


def test_a_service_without_a_model_is_alive_and_not_ready(tmp_path: Path) -> None:
    """With nothing to serve the process runs, and says why it is not ready."""
    with running_api(tmp_path / "none", tmp_path, probe="/healthz") as service:
        answer = requests.get(f"{service.url}/readyz", timeout=30)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert answer.json()["detail"] == "Not ready. There is no model to serve."


def test_bundled_models_are_served_from_the_models_directory(models_dir: Path, tmp_path: Path) -> None:
    """A first start copies what came with the program into an empty models directory and serves it."""
    with running_api(tmp_path / "mine", tmp_path, BUNDLED_MODELS=str(models_dir)) as service:
        assert is_ready(service)
    assert (tmp_path / "mine" / "iris" / "1" / "card.json").is_file()


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    """Start the service with settings that it should refuse."""
    return subprocess.run(
        [sys.executable, "-m", "api", "serve"],
        cwd=ROOT,
        env=clean_environment(**settings),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "error: API_USERNAME: is not set"),
        (
            {"API_USERNAME": "a", "API_PASSWORD": "b", "API_PORT": "http"},
            "API_PORT: 'http' will not do: give a whole",
        ),
        ({"API_USERNAME": "a", "API_PASSWORD": "my_password", "API_HOST": "0.0.0.0"}, "is the sample one"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(settings: dict[str, str], sentence: str) -> None:
    """The exit status is 2, and the only line says what would be right."""
    ended = start(**settings)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_taken_port_is_named_with_another_to_choose(api: Service) -> None:
    """A second service on the same port says which port it is and how to take another."""
    port = int(api.url.rpartition(":")[2])
    ended = start(API_USERNAME="a", API_PASSWORD="b", API_PORT=str(port))
    assert ended.returncode == 2
    assert f"port {port} of 127.0.0.1 cannot be listened on (Address already in use)" in ended.stderr
    assert f"API_PORT={port + 1}" in ended.stderr


_AUDIT = """
import base64, sys
unpickled = []
sys.addaudithook(lambda event, args: unpickled.append(args) if event == "pickle.find_class" else None)
from api.wsgi import app
pair = base64.b64encode(b"a:b").decode()
answer = app.test_client().get("/api/v1.0?" + sys.argv[1], headers={"Authorization": f"Basic {pair}"})
assert answer.status_code == 200, answer.data
assert not unpickled, unpickled
heavy = {"sklearn", "scipy", "pandas", "joblib", "skops", "skl2onnx", "onnx"} & set(sys.modules)
assert not heavy, heavy
"""


def test_serving_imports_no_scikit_learn_and_unpickles_nothing(models_dir: Path, tmp_path: Path) -> None:
    """A process that has loaded the model and answered holds no training library and met no pickle."""
    settings = {
        "API_USERNAME": "a",
        "API_PASSWORD": "b",
        "MODELS_DIR": str(models_dir),
        "DATA_DIR": str(tmp_path),
    }
    ended = subprocess.run(
        [sys.executable, "-c", _AUDIT, QUERY],
        cwd=ROOT,
        env=clean_environment(**settings),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
