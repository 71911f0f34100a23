"""Every setting of the API service: its name, default and meaning, in one table that is read once."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.cpus import quota
from api.errors import BadSetting

SAMPLE_PAIR = ("my_username", "my_password")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table; `read` makes the value of its text, or raises ValueError saying what is right."""

    name: str
    default: str
    help: str
    read: Callable[[str], Any] = str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as values; the fields are the table's names in lower case."""

    api_username: str
    api_password: str
    api_host: str
    api_port: int
    api_workers: int
    api_threads: int
    data_dir: Path
    models_dir: Path
    bundled_models: Path | None
    train_missing: tuple[str, ...]
    database_url: str
    trusted_types: tuple[str, ...]
    default_model: str
    most_json_mb: int
    most_csv_mb: int
    record_predictions: bool
    record_days: int
    express_lane: bool
    redis_url: str
    training_memory_mb: int
    training_limit: int
    training_lease: int
    training_seconds: int
    most_dataset_mb: int
    dataset_seconds: int
    dataset_hosts: tuple[str, ...]
    sign_in_failures: int
    openapi_details: bool
    local_use: bool


def _whole(smallest: int, largest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not smallest <= int(text) <= largest:
            raise ValueError(f"give a whole number from {smallest} to {largest}")
        return int(text)

    return read


def _maybe_whole(smallest: int, largest: int) -> Callable[[str], int | None]:
    read = _whole(smallest, largest)
    return lambda text: read(text) if text else None


def _switch(text: str) -> bool:
    if text.lower() not in {"0", "1", "no", "yes", "false", "true"}:
        raise ValueError("give 1 or 0")
    return text.lower() in {"1", "yes", "true"}


def _maybe_switch(text: str) -> bool | None:
    return _switch(text) if text else None


def _path(text: str) -> Path:
    if "\0" in text:
        raise ValueError("give a path without NUL characters")
    return Path(text)


def _maybe_path(text: str) -> Path | None:
    return _path(text) if text else None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _username(text: str) -> str:
    if ":" in text:
        raise ValueError("give a name without a colon, which basic authentication cannot carry")
    return text


def _database(text: str) -> str:
    if text and "://" not in text:
        raise ValueError("give a URL such as sqlite:////data/bouquet.db, or leave it empty")
    return text


def _redis(text: str) -> str:
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("give a URL such as redis://localhost:6379/0, or leave it empty")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(name.lower() for name in _names(text))


def _host(text: str) -> str:
    if text == "localhost":
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("give an address to listen on, such as 127.0.0.1 or 0.0.0.0") from None


TABLE: tuple[Setting, ...] = (
    Setting("API_USERNAME", "", "the name callers sign in with; required to serve", _username),
    Setting("API_PASSWORD", "", "the password callers sign in with; required to serve", secret=True),
    Setting("API_HOST", "127.0.0.1", "the address to listen on", _host),
    Setting("API_PORT", "8000", "the port to listen on", _whole(1, 65535)),
    Setting(
        "API_WORKERS",
        "",
        "how many processes answer requests; if empty, one for each whole CPU of the container's quota, "
        "and one where there is no quota",
        _maybe_whole(1, 256),
    ),
    Setting("API_THREADS", "2", "how many requests each of them has in hand at once", _whole(1, 64)),
    Setting("DATA_DIR", "data", "the folder for everything that is kept", _path),
    Setting(
        "MODELS_DIR", "", "the folder of models, or a mounted bucket; DATA_DIR/models if empty", _maybe_path
    ),
    Setting("BUNDLED_MODELS", "", "models to copy into MODELS_DIR where it lacks them", _maybe_path),
    Setting(
        "TRAIN_MISSING",
        "",
        "recipes, separated by commas, to train beside the service where MODELS_DIR lacks their models",
        _names,
    ),
    Setting("DATABASE_URL", "", "the database; a SQLite file in DATA_DIR if empty", _database, secret=True),
    Setting("TRUSTED_TYPES", "", "further types to trust in skops files, separated by commas", _names),
    Setting("DEFAULT_MODEL", "iris", "the model that GET /api/v1.0 asks"),
    Setting("MOST_JSON_MB", "32", "the longest JSON body that is read, in megabytes", _whole(1, 1024)),
    Setting("MOST_CSV_MB", "1024", "the longest CSV that is scored, in megabytes", _whole(1, 10**6)),
    Setting("RECORD_PREDICTIONS", "1", "1: every answered prediction is recorded; 0: none is", _switch),
    Setting(
        "RECORD_DAYS",
        "0",
        "for how many days predictions stay on record; 0: until somebody deletes them",
        _whole(0, 36500),
    ),
    Setting("EXPRESS_LANE", "1", "1: plain requests are answered faster; 0: all go the same way", _switch),
    Setting(
        "REDIS_URL",
        "",
        "the queue that workers take trainings from; without one, a process of the API's own does them",
        _redis,
        secret=True,
    ),
    Setting(
        "TRAINING_MEMORY_MB",
        "4096",
        "the most memory that a training may take, in megabytes",
        _whole(256, 10**7),
    ),
    Setting("TRAINING_LIMIT", "7200", "the most seconds that a training may take", _whole(1, 10**6)),
    Setting(
        "TRAINING_LEASE",
        "15",
        "the seconds of silence after which a worker's training is another's; the same for all processes",
        _whole(2, 3600),
    ),
    Setting(
        "TRAINING_SECONDS",
        "120",
        "the seconds that a training may take to compare candidates",
        _whole(1, 10**6),
    ),
    Setting(
        "MOST_DATASET_MB", "2048", "the longest CSV that is trained from, in megabytes", _whole(1, 10**6)
    ),
    Setting("DATASET_SECONDS", "1800", "the seconds that fetching a link's file may take", _whole(1, 10**6)),
    Setting(
        "DATASET_HOSTS",
        "",
        "hosts, or host:port, that links may lead to although they are not on the open internet, with commas",
        _hosts,
    ),
    Setting(
        "SIGN_IN_FAILURES", "100", "failed sign-ins a minute, by address and name, to 429", _whole(1, 10**6)
    ),
    Setting(
        "OPENAPI_DETAILS",
        "",
        "1: /openapi.json tells everybody the models' ranges, choices and examples; 0: only who signs in; "
        "if empty, everybody where only this machine can reach the service",
        _maybe_switch,
    ),
    Setting(
        "LOCAL_USE", "0", "1: only this machine can reach the service, so the sample pair will do", _switch
    ),
)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings from environment variables, each also from the file that NAME_FILE names.

    Raises BadSetting with a sentence that says what would be right.
    """
    values = {setting.name.lower(): _read(setting, environ) for setting in TABLE}
    values["models_dir"] = values["models_dir"] or values["data_dir"] / "models"
    values["api_workers"] = values["api_workers"] or max(1, min(256, int(quota() or 1)))
    if values["openapi_details"] is None:
        values["openapi_details"] = _is_local(values["local_use"], values["api_host"])
    return Settings(**values)


def check_credentials(settings: Settings) -> None:
    """Refuse to serve without credentials, or with the sample pair where others could reach it.

    Raises BadSetting.
    """
    for name, value in (("API_USERNAME", settings.api_username), ("API_PASSWORD", settings.api_password)):
        if not value:
            raise BadSetting(name, "is not set; the service has no built-in credentials, so give it a value.")
    if uses_sample(settings) and not _is_local(settings.local_use, settings.api_host):
        raise BadSetting(
            "API_PASSWORD",
            "is the sample one, which everybody knows; choose your own, or listen on 127.0.0.1 only.",
        )


def _is_local(local_use: bool, host: str) -> bool:
    """Whether nobody but this machine can reach the service."""
    return local_use or ipaddress.ip_address(host).is_loopback


def uses_sample(settings: Settings) -> bool:
    """Whether the password is the one that everybody knows from the README."""
    return settings.api_password == SAMPLE_PAIR[1]


def _read(setting: Setting, environ: Mapping[str, str]) -> Any:
    text = _text(setting, environ)
    try:
        return setting.read(text)
    except ValueError as error:
        shown = "its value" if setting.secret else repr(text)
        raise BadSetting(setting.name, f"{shown} will not do: {error}.") from error


def _text(setting: Setting, environ: Mapping[str, str]) -> str:
    """The variable itself, or the content of the file that NAME_FILE names, or the default.

    An empty variable counts as not set, because Compose passes unset ones on as empty.
    """
    text, file = environ.get(setting.name), environ.get(f"{setting.name}_FILE")
    if text and file:
        raise BadSetting(setting.name, f"is set twice, also by {setting.name}_FILE; unset one of them.")
    if not file:
        return text or setting.default
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise BadSetting(f"{setting.name}_FILE", f"names a file that cannot be read ({error}).") from error
