"""The full set: Postgres, Redis and a worker beside the two services, and a CSV trained from in it."""

import json
from collections.abc import Iterator

import pytest

from tests.compose.curl import SAMPLE_PAIR, curl
from tests.compose.project import ComposeProject, output_of
from tests.compose.waiting import wait_until

FILES = ("docker-compose.yml", "deploy/compose/full.yml")
# Beside the suite's other project, which has the usual ports.
SETTINGS = {"API_PORT": "8001", "FRONT_END_PORT": "5001", "DATASET_HOSTS": "csv:9000"}
SERVICES = ("api", "front_end_app", "worker", "postgres", "redis")
# Flowers of two kinds that anybody can tell apart.
WEB_SERVER = """
import http.server
kinds = ["small"] * 10 + ["tall"] * 10
rows = "".join(f"{number % 20 / 10},{number % 7},{kinds[number % 20]}\\n" for number in range(400))
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        content = ("length,leaves,kind\\n" + rows).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
http.server.HTTPServer(("", 9000), Answer).serve_forever()
"""


@pytest.fixture(scope="module")
def full() -> Iterator[ComposeProject]:
    """All five, healthy, and a web server beside them that the worker can reach as `csv`."""
    project = ComposeProject("bouquet-full", SETTINGS, FILES)
    project.take_down()
    web = ""
    try:
        project.run("up", "--build", "--detach", patience=900)
        project.wait_healthy(SERVICES)
        network = ["--network", f"{project.name}_bouquet", "--network-alias", "csv"]
        image = ["--entrypoint", "python", project.image("api"), "-c", WEB_SERVER]
        web = output_of(["docker", "run", "--detach", "--rm", *network, *image]).strip()
        yield project
    except BaseException:
        print(project.attempt("logs", "--no-color").stdout[-8000:])  # noqa: T201 (for who reads the failure)
        raise
    finally:
        if web:
            output_of(["docker", "rm", "--force", web])
        project.take_down()
    assert project.leftovers() == []


def api(project: ComposeProject, path: str) -> str:
    """An address of the API."""
    return f"http://127.0.0.1:{project.port('api')}{path}"


def test_a_link_becomes_a_model_that_answers_and_is_read_back(full: ComposeProject) -> None:
    """Posted, trained by the worker, enabled, predicted with, and the prediction is on record."""
    body = json.dumps({"dataset": "http://csv:9000/plants.csv"})
    json_body = ["--header", "Content-Type: application/json", "--data", body]
    made = curl(api(full, "/api/v1.0/training"), "--user", SAMPLE_PAIR, *json_body)
    assert made.status == 201, made.body
    where = api(full, made.headers["location"])
    ended = ("processed", "error", "cancelled")
    wait_until(lambda: curl(where, "--user", SAMPLE_PAIR).json["status"] in ended, "the training ended")
    done = curl(where, "--user", SAMPLE_PAIR).json
    assert (done["status"], done["model"], done["enabled"]) == ("processed", "plants", True), done
    predict = api(full, "/api/v1.0/models/plants/predict?length=1.5&leaves=3")
    wait_until(lambda: curl(predict, "--user", SAMPLE_PAIR).status == 200, "the model answers")
    assert curl(predict, "--user", SAMPLE_PAIR).json["response"]["predicted_kind"] == "tall"
    record = api(full, "/api/v1.0/predictions?model=plants")
    wait_until(
        lambda: bool(curl(record, "--user", SAMPLE_PAIR).json["predictions"]), "the prediction on record"
    )


def test_everybody_is_as_closed_as_the_two_services(full: ComposeProject) -> None:
    """No root, no capability, nothing to write to but its own; Postgres and Redis have no way out."""
    for service in SERVICES:
        inspected = full.inspect(service)
        assert inspected["HostConfig"]["ReadonlyRootfs"] is True
        assert inspected["HostConfig"]["CapDrop"] == ["ALL"]
        assert inspected["Config"]["User"] not in ("", "root", "0")
    for service in ("postgres", "redis"):
        inspected = full.inspect(service)
        assert list(inspected["NetworkSettings"]["Networks"]) == [f"{full.name}_stores"]
        assert not any(inspected["NetworkSettings"]["Ports"].values())


def test_all_stop_within_their_time(full: ComposeProject) -> None:
    """Each by itself, none killed by the engine."""
    full.run("stop")
    for service in SERVICES:
        assert full.inspect(service)["State"]["ExitCode"] in (0, 130, 143), service
