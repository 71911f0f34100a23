"""The limit: a WSGI application that always answers with the bytes of the file that ANSWER names."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ANSWER = Path(os.environ["ANSWER"]).read_bytes()
_HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(_ANSWER)))]


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer."""
    start_response("200 OK", _HEADERS)
    return [_ANSWER]
