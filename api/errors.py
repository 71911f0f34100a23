"""Everything that can go wrong, as one tree of errors that carry their data and know nothing of HTTP.

BouquetError
├── BadSetting          a setting has a value the service cannot start with
├── InvalidInput        what a caller sent does not fit a model's schema
├── UnknownModel        no model of that name
├── UnknownVersion      the model has no such version
├── NoEarlierVersion    there is no version to roll back to
├── EnabledVersion      the version is the one that answers, and cannot be deleted
├── StorageUnavailable  the database cannot be reached
├── ModelUnavailable    the model exists, and no version of it can answer now
├── RefusedVersion      a version at rest is damaged, altered, or no longer gives its own answers
├── NoAnswer            a model has no answer to values that fit its schema
├── UnreadableModel     a file is no fitted model that can be read here
│   └── UntrustedTypes  it holds types that nobody has trusted
├── NotTrained          a recipe's own routes are asked, and its model has not been trained
├── UnknownTitle        no job title of that name
├── CannotCompile       a compiler has no way to express an estimator
├── NotACsv             what was sent as a CSV cannot be read as one
├── UnreadableData      a file of somebody's own data cannot be learnt from
├── FileTooLong         an uploaded file is longer than may be sent
├── FetchFailed         a link's file cannot be had
├── UnknownTraining     no training of that id
├── EndedTraining       the training has ended, and cannot be cancelled
├── OtherRequest        a key was given to another request before
├── TrainingFailed      a training cannot be done, for a reason that somebody can act on
│   └── UnfitData       no model can be learnt from a CSV: where, and what would be right
├── Cancelled           a training was stopped, or is another worker's now
├── NotWritable         the models directory cannot be written
├── DiskFull            there is no room on the disk
├── NotRecorded         an answer cannot be recorded, and is therefore not given
├── UnknownPrediction   no prediction of that id is on record
├── UnknownUser         no user of that name
├── UserExists          there is a user of that name already
├── BadUser             a name or a password will not do
├── ServiceFull         as much work of one kind is under way as there is room for
└── NotEqual            a compiled model's answers differ from its estimator's
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class BouquetError(Exception):
    """The root of the tree."""


class BadSetting(BouquetError):
    """A setting has a value that the service cannot start with."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.problem = problem


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One value that does not fit: the field, a sentence for people, what was expected and what came.

    `message` is the short form that clients of v1.0 rely on; `received` is None where nothing came; `row`
    counts from 0 where several rows were sent, in the member `within` of the body.
    """

    field: str
    message: str
    detail: str
    expected: str
    received: str | None = None
    row: int | None = None
    within: str = "instances"


class InvalidInput(BouquetError):
    """What a caller sent does not fit a model's schema; every problem at once, in the caller's order.

    Of a batch in which very much is wrong, `beyond` counts the problems that are not listed.
    """

    def __init__(self, problems: Sequence[FieldProblem], beyond: int = 0) -> None:
        super().__init__(_summary(problems, beyond))
        self.problems = tuple(problems)
        self.beyond = beyond


def _summary(problems: Sequence[FieldProblem], beyond: int) -> str:
    if problems[0].row is None:
        return " ".join(problem.detail for problem in problems)
    count = len(problems) + beyond
    values = "One value does not fit." if count == 1 else f"{count} values do not fit."
    return f"{values} In row {problems[0].row}: {problems[0].detail}"


class UnknownModel(BouquetError):
    """No model of that name is served."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        served = ", ".join(known) or "none"
        super().__init__(f"There is no model named {name[:80]!r}; the models served are: {served}.")
        self.name = name
        self.known = tuple(known)


class UnknownVersion(BouquetError):
    """The model has no such version."""

    def __init__(self, name: str, version: str, known: Sequence[str]) -> None:
        there_are = ", ".join(known) or "none"
        super().__init__(f"{name} has no version {version[:20]!r}; its versions are: {there_are}.")
        self.name = name
        self.version = version
        self.known = tuple(known)


class NoEarlierVersion(BouquetError):
    """There is no version to roll back to."""

    def __init__(self, name: str, current: str) -> None:
        super().__init__(f"{name} has no version to go back to: none answered before version {current}.")
        self.name = name
        self.current = current


class EnabledVersion(BouquetError):
    """The version is the one that answers, and cannot be deleted."""

    def __init__(self, name: str, version: str) -> None:
        super().__init__(f"Version {version} of {name} is the one that answers: enable another one first.")
        self.name = name
        self.version = version


class StorageUnavailable(BouquetError):
    """The database cannot be reached; `reason` is for the log, since it can name the database."""

    def __init__(self, reason: str) -> None:
        super().__init__("The database cannot be reached now; try again.")
        self.reason = reason


class ModelUnavailable(BouquetError):
    """The model is known, and no version of it can answer now."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The model {name!r} cannot answer now: {reason}")
        self.name = name
        self.reason = reason


class RefusedVersion(BouquetError):
    """A version at rest is damaged, altered, or no longer gives its own answers, and is not loaded."""

    def __init__(self, name: str, version: str, reason: str) -> None:
        super().__init__(f"Version {version} of {name} is refused: {reason}")
        self.name = name
        self.version = version
        self.reason = reason


class NoAnswer(BouquetError):
    """A model has no answer to values that fit its schema: a logarithm of a negative number, say."""

    def __init__(self, count: int, first: int | None, reason: str) -> None:
        where = (
            "the values given"
            if first is None
            else f"{count} of the rows given; the first is row {first + 1}"
        )
        super().__init__(f"The model has no answer to {where}: {reason}")
        self.first = first


class UnreadableModel(BouquetError):
    """A file is no fitted model that can be read here; the message is a sentence about the file."""


class UntrustedTypes(UnreadableModel):
    """A file holds types that are neither on the built-in list nor trusted by the operator."""

    def __init__(self, types: Sequence[str]) -> None:
        super().__init__(
            f"it holds types that are not trusted: {', '.join(types)}. If you know where it comes from, add "
            "them to TRUSTED_TYPES, separated by commas."
        )
        self.types = tuple(types)


class NotTrained(BouquetError):
    """A recipe's own routes are asked, and its model has not been trained."""

    def __init__(self, recipe: str) -> None:
        super().__init__(
            f"There is no {recipe} model here yet: train it with `python -m api train {recipe}`, and this "
            "service answers with it within two seconds."
        )
        self.recipe = recipe


class UnknownTitle(BouquetError):
    """No job title of that name."""

    def __init__(self, title: str, nearest: Sequence[str]) -> None:
        super().__init__(f"There is no job title {title[:80]!r}; the nearest are: {', '.join(nearest)}.")
        self.title = title
        self.nearest = tuple(nearest)


class CannotCompile(BouquetError):
    """A compiler has no way to express an estimator, or some part of it."""


class UnreadableData(BouquetError):
    """A file of somebody's own data cannot be learnt from; `reason` is a sentence on what is expected."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


class NotACsv(BouquetError):
    """What was sent as a CSV cannot be read as one."""


class FetchFailed(BouquetError):
    """A link's file cannot be had; the message is a sentence for whoever gave the link.

    `passing` says that it may well be had in a moment.
    """

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class FileTooLong(BouquetError):
    """An uploaded file is longer than may be sent."""

    def __init__(self, most_mb: int) -> None:
        super().__init__(f"The file is longer than {most_mb} MB, which is the most that is taken.")


class UnknownTraining(BouquetError):
    """There is no training of that id."""

    def __init__(self, id: str) -> None:
        super().__init__(f"There is no training {id[:80]!r}.")
        self.id = id


class EndedTraining(BouquetError):
    """The training has ended, and cannot be cancelled any more."""

    def __init__(self, id: str, status: str) -> None:
        super().__init__(f"The training {id} has ended already: its status is {status}.")
        self.id = id
        self.status = status


class OtherRequest(BouquetError):
    """An idempotency key comes again with another request."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The Idempotency-Key {key[:80]!r} came before, with another request: take a new one."
        )
        self.key = key


class TrainingFailed(BouquetError):
    """A training cannot be done; the message is a sentence that somebody can act on.

    `errors` says more where there are several reasons: of each its place, and what was expected.
    """

    def __init__(self, reason: str, errors: Sequence[dict[str, object]] = ()) -> None:
        super().__init__(reason)
        self.errors = tuple(errors)


class Cancelled(BouquetError):
    """A training was cancelled, or its lease was lost to another worker: what is under way stops."""


class UnfitData(TrainingFailed):
    """No model can be learnt from a CSV; the message is a sentence that says what would be right.

    `row` counts as a spreadsheet does: the header is row 1. `row`, `column` and `expected` are None where the
    problem is not in one place.
    """

    def __init__(
        self, message: str, *, row: int | None = None, column: str | None = None, expected: str | None = None
    ) -> None:
        super().__init__(message)
        self.row = row
        self.column = column
        self.expected = expected


class NotWritable(BouquetError):
    """The models directory cannot be written: it may be mounted to be read only."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The models directory cannot be written ({reason}).")


class DiskFull(BouquetError):
    """There is no room on the disk for what has to be written."""


class NotRecorded(BouquetError):
    """An answer cannot be recorded, and is therefore not given; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("The answer cannot be recorded now, so it is not given; try again.")
        self.reason = reason


class UnknownPrediction(BouquetError):
    """No prediction of that id is on record."""

    def __init__(self, id: str) -> None:
        super().__init__(
            f"There is no prediction {id[:80]!r} on record. One that was just answered is there within two "
            "seconds, and an old one may have been deleted."
        )
        self.id = id


class UnknownUser(BouquetError):
    """No user of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no user named {name[:100]!r}.")
        self.name = name


class UserExists(BouquetError):
    """There is a user of that name already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a user named {name[:100]!r} already.")
        self.name = name


class BadUser(BouquetError):
    """A name or a password will not do; the message is a sentence that says what would."""


class ServiceFull(BouquetError):
    """As much work of one kind is under way as there is room for; try again later."""


class NotEqual(BouquetError):
    """A compiled model's answers differ from its estimator's by more than the bound."""
