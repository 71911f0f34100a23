"""Settings: one table of environment variables, read once at the start.

Each setting can also be given as a file: `API_PASSWORD_FILE=/run/secrets/password`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SHORTEST_KEY = 16
"""Characters of a SECRET_KEY; fewer could be guessed."""


class WrongSettings(Exception):
    """The service cannot start; `sentences` says of each wrong setting what would be right."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Settings:
    """The settings as values, named as in the table in lower case."""

    front_end_host: str
    front_end_port: int
    front_end_threads: int
    api_url: str
    api_username: str
    api_password: str = field(repr=False)
    api_timeout: float
    csv_timeout: float
    secret_key: str = field(repr=False)


@dataclass(frozen=True)
class Setting:
    """One row of the table; `read` returns the value or raises ValueError saying what it must be."""

    name: str
    default: str | None
    help: str
    read: Callable[[str], Any]
    secret: bool = False


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", text):
        raise ValueError("must be an address of this machine, for example 127.0.0.1 or 0.0.0.0")
    return text


def _whole_number(lowest: int, highest: int, example: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if re.fullmatch(r"[0-9]{1,9}", text) and lowest <= int(text) <= highest:
            return int(text)
        raise ValueError(f"must be a whole number from {lowest} to {highest}, for example {example}")

    return read


def _url(text: str) -> str:
    problem = "must be where the API listens, for example http://localhost:8000"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise ValueError(problem) from error
    if not usable or re.search(r"\s", text):
        raise ValueError(problem)
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(problem + "; name and password go in API_USERNAME and API_PASSWORD")
    return text.rstrip("/")


def _seconds(most: int, example: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            seconds = float(text)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds <= most:
            raise ValueError(f"must be a number of seconds above 0 and up to {most}, for example {example}")
        return seconds

    return read


def _username(text: str) -> str:
    if not text or ":" in text or not text.isprintable():
        raise ValueError("must be a name without a colon: the one the API was started with")
    return text


def _password(text: str) -> str:
    if not text or not text.isprintable():
        raise ValueError("must be the password that the API was started with")
    return text


def _secret_key(text: str) -> str:
    if text and len(text) < SHORTEST_KEY:
        raise ValueError(f"must be at least {SHORTEST_KEY} characters that nobody can guess, or not be set")
    return text


TABLE: tuple[Setting, ...] = (
    Setting("FRONT_END_HOST", "127.0.0.1",
            "address to listen on; 0.0.0.0 means every network of this machine", _host),
    Setting("FRONT_END_PORT", "5000", "port to listen on", _whole_number(1, 65535, 5001)),
    Setting("FRONT_END_THREADS", "16",
            "pages that may wait for the API at the same time", _whole_number(1, 256, 16)),
    Setting("API_URL", "http://localhost:8000", "where the API listens", _url),
    Setting("API_USERNAME", None, "name to sign in to the API with", _username),
    Setting("API_PASSWORD", None, "password to sign in to the API with", _password, secret=True),
    Setting("API_TIMEOUT", "10", "seconds to wait for an answer of the API", _seconds(600, 10)),
    Setting("CSV_TIMEOUT", "900",
            "seconds to wait for the API while it scores a CSV", _seconds(86_400, 900)),
    Setting("SECRET_KEY", "",
            "signs the cookie of who is signed in, and the forms; if empty, one is made at each start, and "
            "people have to sign in again and to reload pages that were open before; several front ends "
            "behind one address need the same",
            _secret_key, secret=True),
)  # fmt: skip


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; raises WrongSettings naming every wrong one at once."""
    values: dict[str, Any] = {}
    sentences: list[str] = []
    for setting in TABLE:
        try:
            values[setting.name.lower()] = _value(setting, environ)
        except ValueError as error:
            sentences.append(str(error))
    if sentences:
        raise WrongSettings(tuple(sentences))
    return Settings(**values)


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:
    text = _text(setting, environ)
    try:
        return setting.read(text or "")
    except ValueError as error:
        shown = f"is {text!r}" if text else "is not set"
        if text and setting.secret:
            shown = "has a value that cannot be used"
        raise ValueError(f"{setting.name} {shown}; it {error}.") from error


def _text(setting: Setting, environ: Mapping[str, str]) -> str | None:
    """What was given for a setting, else its default; an empty variable counts as not given."""
    given = environ.get(setting.name) or None
    path = environ.get(f"{setting.name}_FILE")
    if not path:
        return given if given is not None else setting.default
    if given is not None:
        raise ValueError(f"{setting.name} and {setting.name}_FILE are both set; keep only one.")
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{setting.name}_FILE is {path!r}, which cannot be read; "
            "it must be a text file that holds the value."
        ) from error


def settings_table() -> str:
    """The table as text for a terminal: name, default and meaning; it shows no value in use."""
    rows = [("NAME", "DEFAULT", "MEANING")]
    rows += [(s.name, _default_text(s), s.help) for s in TABLE]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{name:<{widths[0]}}  {default:<{widths[1]}}  {text}" for name, default, text in rows]
    lines.append("Each can also be read from a file: set NAME_FILE to its path.")
    return "\n".join(lines)


def _default_text(setting: Setting) -> str:
    return "(required)" if setting.default is None else setting.default or "(none)"
