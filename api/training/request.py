"""What somebody asks a training to do, and whether it can be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from api.errors import FieldProblem, InvalidInput
from api.registry.card import CLASSIFICATION, REGRESSION
from api.registry.directory import is_name

TASKS = (CLASSIFICATION, REGRESSION)
METRICS: dict[str, tuple[str, ...]] = {
    CLASSIFICATION: ("f1", "precision", "recall", "accuracy", "auc"),
    REGRESSION: ("r2", "mean_absolute_error", "root_mean_squared_error"),
}
_ALL_METRICS = tuple(metric for metrics in METRICS.values() for metric in metrics)
# The members of a request in JSON, and the fields of a form beside its file.
MEMBERS = ("dataset", "upload", "model", "target", "task", "metric", "title")
_LONGEST = {"dataset": 2000, "target": 500, "title": 200}


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
        # Reading the port is what checks it.
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return named and parts.scheme in ("http", "https") and "@" not in parts.netloc and " " not in text


# What each value has to be beside a string: the test, what is right, and a sentence.
_CHECKS: dict[str, tuple[Callable[[str], bool], str, str]] = {
    "dataset": (
        _is_link,
        "a link with http:// or https://",
        "dataset must be a link to a CSV file that begins with http:// or https://, has a host, and carries "
        "no user name and password.",
    ),
    "model": (
        is_name,
        "lower-case letters, digits, _ and -, a letter first",
        "model must be a name of at most 64 lower-case letters, digits, _ and -, a letter first.",
    ),
    "task": (TASKS.__contains__, " or ".join(TASKS), f"task must be {' or '.join(TASKS)}."),
    "metric": (
        _ALL_METRICS.__contains__,
        f"one of {', '.join(_ALL_METRICS)}",
        f"metric must be one of {', '.join(_ALL_METRICS)}.",
    ),
}


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """A link to a CSV (`dataset`) or the name of an uploaded file (`upload`), and what is known of it.

    What is None is found out: the model's name and title from the file's, the target from the columns, the
    task from the target, and the metric from the task.
    """

    dataset: str | None = None
    upload: str | None = None
    model: str | None = None
    target: str | None = None
    task: str | None = None
    metric: str | None = None
    title: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """The request as it is kept."""
        return asdict(self)


def training_request(given: Mapping[str, Any]) -> TrainingRequest:
    """The request in an object from outside; an empty string or null counts as not given.

    Raises InvalidInput with every problem at once.
    """
    values = {name: value for name, value in given.items() if value not in (None, "")}
    problems = [_unknown(name) for name in values if name not in MEMBERS]
    problems += [one for name in MEMBERS if name in values if (one := _misfit(name, values[name]))]
    if not problems:
        problems = _misfits_together(values)
    if problems:
        raise InvalidInput(problems)
    return TrainingRequest(**{name: str(value) for name, value in values.items()})


def _misfit(name: str, value: Any) -> FieldProblem | None:
    if not isinstance(value, str):
        return _problem(name, "a string", value, f"{name} must be a string.")
    longest = _LONGEST.get(name, 200)
    if len(value) > longest or not value.isprintable():
        return _problem(
            name,
            f"at most {longest} printable characters",
            value,
            f"{name} must have at most {longest} characters, all of them printable.",
        )
    if name not in _CHECKS or _CHECKS[name][0](value):
        return None
    _, expected, detail = _CHECKS[name]
    return _problem(name, expected, value, detail)


def _misfits_together(values: Mapping[str, str]) -> list[FieldProblem]:
    problems = []
    if ("dataset" in values) == ("upload" in values):
        problems.append(
            _problem(
                "dataset",
                "a link to a CSV file",
                values.get("dataset"),
                "Give either dataset, a link to a CSV file, or an uploaded file, and not both.",
            )
        )
    task, metric = values.get("task"), values.get("metric")
    if task and metric and metric not in METRICS[task]:
        wanted = ", ".join(METRICS[task])
        problems.append(
            _problem("metric", f"one of {wanted}", metric, f"The metrics of a {task} are: {wanted}.")
        )
    return problems


def _unknown(name: str) -> FieldProblem:
    shown = name[:80]
    return _problem(shown, f"one of {', '.join(MEMBERS)}", None, f"{shown} is nothing that a training takes.")


def _problem(field: str, expected: str, received: Any, detail: str) -> FieldProblem:
    # A link that carries a password is refused, and not repeated to anybody.
    shown = None if received is None or field == "dataset" else str(received)[:80]
    return FieldProblem(field, detail, detail, expected, shown)
