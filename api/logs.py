"""Log lines: one JSON object a line on standard output."""

from __future__ import annotations

import json
import logging
import logging.config
import os
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

# Standard output's descriptor, in every process.
_STDOUT = 1


def now() -> str:
    """The time in UTC, in ISO 8601 with milliseconds."""
    return _text(time.time_ns() // 1_000_000)


@lru_cache(maxsize=2)
def _text(milliseconds: int) -> str:
    """A time as text, which the lines of a millisecond have in common."""
    return f"{_second(milliseconds // 1000)}.{milliseconds % 1000:03}Z"


@lru_cache(maxsize=2)
def _second(seconds: int) -> str:
    """A time without its milliseconds, which lines by the thousand have in common."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def write_line(line: str) -> None:
    """Write a line, which is ASCII, and its end in one write, so that processes do not mix their lines."""
    if sys.stdout is sys.__stdout__:
        # What Python keeps for standard output is always written out, so that nothing is overtaken.
        rest = line.encode()
        while rest:
            rest = rest[os.write(_STDOUT, rest) :]
        return
    sys.stdout.write(line)
    sys.stdout.flush()


class JsonFormatter(logging.Formatter):
    """A log record as one JSON object; an exception's trace is its `trace` member."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line = {"time": now(), "level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "api.logs.JsonFormatter"}},
    "handlers": {
        "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}
    },
    "root": {"level": "WARNING", "handlers": ["stdout"]},
    "loggers": {"api": {"level": "INFO"}},
}


def configure() -> None:
    """Send every logger's records to standard output in this form."""
    logging.config.dictConfig(LOGGING)
