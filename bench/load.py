"""Load on a server of this machine, by wrk (Debian's package wrk)."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.services import PASSWORD, USERNAME

# wrk runs this: the request, and at the end the figures as one line of JSON; latencies come in microseconds.
_SCRIPT = """
wrk.method = %s
wrk.body = %s
wrk.headers["Authorization"] = %s
wrk.headers["Content-Type"] = "application/json"
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


def load(url: str, connections: int, seconds: int, body: str | None = None) -> Load:
    """Ask `url` over and over from `connections` at once; raises RuntimeError where any answer is no 2xx."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed to measure: apt-get install wrk")
    pair = base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
    method, sent = ("GET", "nil") if body is None else ("POST", f"[==[{body}]==]")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "request.lua"
        text = _SCRIPT % (json.dumps(method), sent, json.dumps(f"Basic {pair}"))
        script.write_text(text, encoding="utf-8")
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(script), url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(output.strip().splitlines()[-1])
    if found["failed"]:
        raise RuntimeError(f"{found['failed']} of {found['requests']} requests to {url} failed")
    return Load(found["requests"] / found["microseconds"] * 1e6, found["p50"] / 1e3, found["p99"] / 1e3)
