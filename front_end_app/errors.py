"""What can go wrong between the front end and the API, as one tree without HTTP in it.

ApiError
├── CannotReach     nobody answers at the API's address
├── TookTooLong     somebody is there, but no answer came in time
├── Refusing        the API will not serve us now
│   ├── NotAllowed  it does not accept the front end's credentials
│   └── Busy        it is full, or not ready yet
├── BrokenAnswer    an answer came that cannot be used
├── UnknownModel    the API serves no model of that name
├── UnknownTitle    a model knows no title of that name; says which are like it
├── InputRefused    what was entered cannot be predicted on; says which field and why
├── SignInNeeded    nobody is signed in, or no longer
├── WrongPassword   the API knows no such name and password
├── Forbidden       the person who is signed in may not do this
├── NotThere        what was asked for is not there
├── Conflict        it cannot be done as things are now
└── CellsRefused    a CSV has cells that cannot be predicted on; says which and why

`views.problems` holds the one table that turns these into pages.
"""

from __future__ import annotations

from dataclasses import dataclass


class ApiError(Exception):
    """Root of the tree. Its text is for the log: it holds no address and no entered value."""


class CannotReach(ApiError):
    """No connection to the API could be made."""


class TookTooLong(ApiError):
    """The API did not answer within API_TIMEOUT."""


class Refusing(ApiError):
    """The API is there and will not serve the front end at the moment."""


class NotAllowed(Refusing):
    """The API does not accept API_USERNAME and API_PASSWORD."""


class Busy(Refusing):
    """The API is full or not ready; `retry_after` is the number of seconds it asks for."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class BrokenAnswer(ApiError):
    """The answer was cut, was not JSON, was a server error or lacked what was promised."""


class UnknownModel(ApiError):
    """The API serves no model of the name that was asked for."""


class UnknownTitle(ApiError):
    """A model knows no such title; `nearest` are those that are written most like it."""

    def __init__(self, nearest: tuple[str, ...]) -> None:
        super().__init__("there is no such title")
        self.nearest = nearest


class SignInNeeded(ApiError):
    """Nobody is signed in, the API's token has run out, or it is refused by now."""


class WrongPassword(ApiError):
    """The API knows no such pair of name and password."""


class Spoken(ApiError):
    """The API said in a sentence, `sentence`, why it does not do what was asked; "" if it said nothing."""

    def __init__(self, sentence: str) -> None:
        super().__init__("the API did not do what was asked")
        self.sentence = sentence


class Forbidden(Spoken):
    """The person who is signed in may not do this."""


class NotThere(Spoken):
    """The training, version or record that was asked for is not there."""


class Conflict(Spoken):
    """It cannot be done as things are now: what is asked contradicts what has happened since."""


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with what was entered: the parameter's name (None for the whole), and why."""

    name: str | None
    detail: str


class InputRefused(ApiError):
    """The API named what is wrong with the input, one complaint for each thing."""

    def __init__(self, complaints: tuple[Complaint, ...]) -> None:
        super().__init__(f"{len(complaints)} thing(s) wrong with the input")
        self.complaints = complaints


@dataclass(frozen=True)
class BadCell:
    """One cell of a CSV that does not fit. `row` counts from 1, the first row under the header."""

    row: int
    column: str
    detail: str


class CellsRefused(ApiError):
    """The API named the cells that do not fit, and says how many more there are than `cells`."""

    def __init__(self, cells: tuple[BadCell, ...], more: int) -> None:
        super().__init__(f"{len(cells) + more} cell(s) that do not fit")
        self.cells = cells
        self.more = more
