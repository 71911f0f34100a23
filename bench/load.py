"""Load on a server of this machine, by wrk (Debian's package wrk)."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.services import PASSWORD, USERNAME

# wrk runs this: the request, and at the end the figures as one line of JSON; latencies come in microseconds.
_SCRIPT = """
wrk.method = %s
wrk.body = %s
%s
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests": %%d, "microseconds": %%d, "p50": %%d, "p99": %%d, "failed": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did under load: requests a second, and latencies in milliseconds."""

    requests_per_second: float
    p50: float
    p99: float


def signed_in() -> dict[str, str]:
    """The headers of a JSON request by the user of the tests."""
    pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}


def load(
    url: str,
    connections: int,
    seconds: int,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Load:
    """Ask `url` over and over from `connections` at once, signed in unless other `headers` are given.

    Raises RuntimeError where any answer is no 2xx.
    """
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed to measure: apt-get install wrk")
    lines = [
        f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}"
        for name, value in (signed_in() if headers is None else headers).items()
    ]
    method, sent = ("GET", "nil") if body is None else ("POST", f"[==[{body}]==]")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "request.lua"
        text = _SCRIPT % (json.dumps(method), sent, "\n".join(lines))
        script.write_text(text, encoding="utf-8")
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout=20s", "-s", str(script), url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(output.strip().splitlines()[-1])
    if found["failed"]:
        raise RuntimeError(f"{found['failed']} of {found['requests']} requests to {url} failed")
    return Load(found["requests"] / found["microseconds"] * 1e6, found["p50"] / 1e3, found["p99"] / 1e3)
