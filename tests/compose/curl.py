"""The curl of the README, run as a process of its own."""

import json
import subprocess
from dataclasses import dataclass
from typing import Any

from tests.compose.project import output_of

SAMPLE_PAIR = "my_username:my_password"
MEASUREMENTS = "sepal_length=1&sepal_width=1&petal_length=1&petal_width=1"


@dataclass(frozen=True)
class Answer:
    """What came back: status line, headers (names in lower case) and body."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


def curl(url: str, *options: str) -> Answer:
    """Fetch a URL with curl, no proxy in between, and return the last answer."""
    raw = output_of(["curl", "-sS", "-i", "--noproxy", "*", "--max-time", "30", *options, url])
    head, _, body = raw.replace("\r\n", "\n").partition("\n\n")
    status_line, *lines = head.splitlines()
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answer(int(status_line.split()[1]), headers, body)


def predict(port: int, pair: str = SAMPLE_PAIR) -> Answer:
    """The curl of the README, credentials and all."""
    url = f"http://127.0.0.1:{port}/api/v1.0?{MEASUREMENTS}"
    return curl(url, "-H", "Content-Type:application/json", "-X", "GET", "-u", pair)


def reachable(host: str, port: int) -> bool:
    """Whether anything at all accepts a connection there."""
    tried = subprocess.run(
        ["curl", "-s", "--noproxy", "*", "--connect-timeout", "5", f"http://{host}:{port}/"],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    return tried.returncode == 0
