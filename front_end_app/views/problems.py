"""Which page and which status every error becomes: one table for the API's, one for HTTP's."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from .. import request_log
from ..entries import readable
from ..errors import (
    ApiError,
    BrokenAnswer,
    Busy,
    CannotReach,
    CellsRefused,
    Conflict,
    Forbidden,
    InputRefused,
    NotAllowed,
    NotThere,
    Refusing,
    Spoken,
    TookTooLong,
    UnknownModel,
    UnknownTitle,
)
from ..experiences import draw_experiences
from .ways import SENDS_A_FILE, Ways, to_models, ways_on


@dataclass(frozen=True)
class Problem:
    """A page that says what happened (`what`) and what to do (`todo`); `keeper` is a sentence for
    whoever runs the service."""

    status: int
    title: str
    what: str
    todo: tuple[str, ...] = ()
    keeper: str = ""


TRY_AGAIN = "Wait a minute, then try again. Anything you entered is kept in the address of this page."
TYPE_ON = "Wait a minute, then press the button under it again. What you typed is kept below."
SEND_AGAIN = "Wait a moment, then choose the file again: this site keeps none."

API_PROBLEMS: dict[type[ApiError], Problem] = {
    CannotReach: Problem(
        502,
        "The model cannot be reached",
        "This site asks another service for its answers, and that service is not there at the "
        "moment. It has nothing to do with what you entered.",
        (TRY_AGAIN,),
        "See that the API is running, and that API_URL leads to it.",
    ),
    TookTooLong: Problem(
        504,
        "The answer is taking too long",
        "The service that runs the model was asked, and did not answer in time.",
        (TRY_AGAIN,),
        "See in the API's log what it is busy with. API_TIMEOUT is how long this site waits.",
    ),
    NotAllowed: Problem(
        503,
        "This site is not let in to the model",
        "The service that runs the model did not accept this site's name and password. "
        "It has nothing to do with what you entered, and cannot be put right from this page.",
        ("Tell whoever runs this site.",),
        "Start both services with the same API_USERNAME and API_PASSWORD.",
    ),
    Refusing: Problem(
        503,
        "The model has too much to do",
        "The service that runs the model is there, but cannot take more work just now.",
        (TRY_AGAIN,),
        "See that the API is ready, and how many requests it gets.",
    ),
    UnknownModel: Problem(
        404,
        "There is no such model",
        "The service that runs the models does not know the one that was asked for.",
        ("Choose another one from the list of models.",),
    ),
    UnknownTitle: Problem(
        404,
        "There is no such title",
        "The service that runs the models does not know the one that was asked for.",
        ("Choose another one from the list of titles.",),
    ),
    Forbidden: Problem(
        403,
        "You may not do this",
        "It needs a role that you do not have.",
        ("Ask whoever runs this site for it, or sign in as somebody who has it.",),
    ),
    NotThere: Problem(
        404,
        "It is not there",
        "What was asked for is not there, or not any more.",
        ("Go back and choose another one.",),
    ),
    Conflict: Problem(
        409,
        "This cannot be done as things are now",
        "Something has happened since the page was made.",
        ("Go back, and look at how things are now.",),
    ),
    InputRefused: Problem(
        400,
        "This was not understood",
        "The service that runs the models does not take what was asked.",
        ("Start from the page before.",),
    ),
    CellsRefused: Problem(400, "This was not understood", "The service does not take the file."),
    BrokenAnswer: Problem(
        502,
        "The answer could not be read",
        "The service that runs the model gave an answer that makes no sense to this site.",
        (TRY_AGAIN,),
        "See in the API's log what happened, and that both services are of the same version.",
    ),
}

BUSY_WITH_A_FILE = Problem(
    503,
    "The model is busy",
    "The service that runs the model cannot take your file just now, most likely because it is "
    "working on another one: it takes one at a time.",
    (TRY_AGAIN,),
    "See that the API is ready, and which requests it has.",
)

FORM_TOO_OLD = Problem(
    403,
    "Please press the button once more",
    "For your safety a form is only taken from a page that this site has handed out lately, in the same "
    "browser and with cookies allowed. The one you sent was too old. Nothing of it is lost.",
    ("Look through what you typed, which is kept below, and send it again.",),
)

HTTP_PROBLEMS: dict[int, Problem] = {
    400: Problem(
        400,
        "The file did not arrive whole",
        "It broke off on its way here, or did not come as the form sends it.",
        ("Go back and send it again.",),
    ),
    403: Problem(
        403,
        "This page has to be loaded anew",
        "For your safety a file is only taken from a page that this site has handed out lately, in "
        "the same browser and with cookies allowed. The one you sent it from is too old.",
        ("Go back, let the page load, and choose the file again.",),
    ),
    404: Problem(
        404,
        "There is no page here",
        "The address may be mistyped, or the page may have moved.",
        ("Check the address, or start from the form.",),
    ),
    405: Problem(
        405,
        "This page cannot be used in that way",
        "The address is right, but what was asked of it is not something that it does.",
        ("Start from the form.",),
    ),
    413: Problem(
        413,
        "This is more than this site takes at once",
        "What was sent is longer than any description of work. Some pages of text are enough.",
        ("Go back, and send less of it.",),
    ),
    500: Problem(
        500,
        "Something broke on our side",
        "This site made a mistake while it prepared the page. It has been noted in its log.",
        (TRY_AGAIN,),
    ),
}


def install(app: Flask) -> None:
    """Turn every error that leaves a view of `app` into its page."""

    @app.errorhandler(ApiError)
    def api_problem(error: ApiError) -> ResponseReturnValue:
        request_log.note_failure(f"{type(error).__name__}: {error}")
        unknown = isinstance(error, UnknownModel)
        response = make_response(problem_page(problem_of(error), to_models() if unknown else None))
        if isinstance(error, Busy) and error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(HTTPException)
    def http_problem(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        other = Problem(error.code, "This cannot be done", "The request makes no sense here.")
        found = HTTP_PROBLEMS.get(error.code, other)
        response = make_response(problem_page(FORM_TOO_OLD if error.code == 403 and "kept" in g else found))
        for name, value in error.get_headers():
            if name.lower() != "content-type":
                response.headers[name] = value
        return response


def problem_of(error: ApiError) -> Problem:
    """The page for an error: that of its own type, else of the nearest type above it."""
    if isinstance(error, Busy) and request and request.endpoint == SENDS_A_FILE:
        return BUSY_WITH_A_FILE
    problem = next(API_PROBLEMS[kind] for kind in type(error).__mro__ if kind in API_PROBLEMS)
    sentence = error.sentence if isinstance(error, Spoken) else ""
    if isinstance(error, InputRefused):
        sentence = " ".join(readable(complaint.detail) for complaint in error.complaints)
    return replace(problem, what=sentence) if sentence else problem


def problem_page(problem: Problem, ways: Ways | None = None) -> tuple[str, int]:
    """The page, with a link to the same address if it may answer later, and a way back.

    What was typed into a form that has been posted is in `g.kept`, and is on the page, to be sent again.
    """
    ways = ways or ways_on()
    again = ways.again if problem.status >= 500 and request.method == "GET" else ""
    kept = draw_experiences(g.kept) if "kept" in g else None
    instead = TYPE_ON if kept else SEND_AGAIN if request.method == "POST" else TRY_AGAIN
    todo = [instead if one == TRY_AGAIN else one for one in problem.todo]
    page = render_template("problem.html", problem=problem, todo=todo, again=again, ways=ways, kept=kept)
    return page, problem.status
