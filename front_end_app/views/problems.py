"""Which page and which status every error becomes: one table for the API's, one for HTTP's."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from .. import request_log
from ..errors import (
    ApiError,
    BrokenAnswer,
    Busy,
    CannotReach,
    InputRefused,
    NotAllowed,
    Refusing,
    TookTooLong,
    UnknownModel,
)
from .query import typed_pairs, with_query


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
        ("Go back to the form.",),
    ),
    BrokenAnswer: Problem(
        502,
        "The answer could not be read",
        "The service that runs the model gave an answer that makes no sense to this site.",
        (TRY_AGAIN,),
        "See in the API's log what happened, and that both services are of the same version.",
    ),
}

HTTP_PROBLEMS: dict[int, Problem] = {
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
        response = make_response(problem_page(problem_of(error)))
        if isinstance(error, Busy) and error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response

    @app.errorhandler(HTTPException)
    def http_problem(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        other = Problem(error.code, "This cannot be done", "The request makes no sense here.")
        response = make_response(problem_page(HTTP_PROBLEMS.get(error.code, other)))
        for name, value in error.get_headers():
            if name.lower() != "content-type":
                response.headers[name] = value
        return response


def problem_of(error: ApiError) -> Problem:
    """The page for an error: that of its own type, else of the nearest type above it."""
    return next(API_PROBLEMS[kind] for kind in type(error).__mro__ if kind in API_PROBLEMS)


def problem_page(problem: Problem) -> tuple[str, int]:
    """The page, with a link to the same address if it may answer later, and one to the form."""
    form = url_for("models.form")
    try:
        pairs = typed_pairs()
    except InputRefused:
        pairs = ()
    known = request.endpoint in ("models.form", "models.prediction")
    again = with_query(url_for(str(request.endpoint)), pairs) if known else ""
    worth_it = problem.status >= 500 and request.method == "GET"
    page = render_template(
        "problem.html",
        problem=problem,
        again=again if worth_it else "",
        back=with_query(form, pairs) if known else form,
    )
    return page, problem.status
