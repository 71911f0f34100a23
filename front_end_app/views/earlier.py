"""Addresses of the earlier system that may be in somebody's bookmarks: they answer 200."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from .problems import Problem, problem_page

WRONG_DATA_TYPE = Problem(
    200,
    "Something entered was not of the right kind",
    "Each field says what it takes. If a value does not fit, the form now says so at that field, "
    "and keeps what you typed.",
    ("Go back to the form and fill it in again.",),
)
BAD_API_CONNECTION = Problem(
    200,
    "There was no connection to the model",
    "This address is from an earlier version of this site. It says nothing of how things are now.",
    ("Go back to the form and try again.",),
)


def pages() -> Blueprint:
    """The pages at the old addresses."""
    blueprint = Blueprint("earlier", __name__)

    @blueprint.get("/wrong_data_type")
    def wrong_data_type() -> ResponseReturnValue:
        """What the earlier system showed for a value that was not a number."""
        return problem_page(WRONG_DATA_TYPE)

    @blueprint.get("/bad_api_connection")
    def bad_api_connection() -> ResponseReturnValue:
        """What the earlier system showed when its API was away."""
        return problem_page(BAD_API_CONNECTION)

    return blueprint
