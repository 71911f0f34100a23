"""Where somebody who met a problem can go: the same address again, and back to where they came from."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from ..entries import Pairs
from ..errors import InputRefused
from .query import typed_pairs, with_query

SENDS_A_FILE = "csv_files.score"
READ_AGAIN = ("training.listing", "training.one", "versions.of", "record.page", "new_training.page")


@dataclass(frozen=True)
class Ways:
    """The way back and how it is called; the same address `again`, "" where that would not help."""

    back: str
    back_title: str
    again: str = ""


def ways_on() -> Ways:
    """The ways on from the page of the current request."""
    endpoint, name = request.endpoint, (request.view_args or {}).get("name")
    if endpoint in ("models.form", "models.prediction"):
        pairs = _typed()
        again = with_query(url_for(endpoint, name=name), pairs)
        return Ways(with_query(url_for("models.form", name=name), pairs), "Back to the form", again)
    if endpoint == SENDS_A_FILE:
        return Ways(url_for("csv_files.page", name=name), "Back to choosing a file")
    if endpoint and endpoint.startswith(("training.", "new_training.", "versions.", "record.", "sign_in.")):
        return _ways_of_people(endpoint, name)
    again = url_for(endpoint, name=name) if endpoint in ("csv_files.page", "about.model") else ""
    if endpoint in ("listing.models", "ranked.titles", "ranked.skills"):
        again = url_for(endpoint, **(request.view_args or {}))
    return Ways(url_for("models.form"), "Back to the form", again)


def _ways_of_people(endpoint: str, name: str | None) -> Ways:
    again = request.full_path.rstrip("?") if endpoint in READ_AGAIN else ""
    if endpoint.startswith("versions."):
        back = url_for("versions.of", name=name)
        return (
            Ways(url_for("about.model", name=name), "About the model", again)
            if again
            else Ways(back, "Back to the versions")
        )
    if endpoint.startswith("record."):
        return Ways(url_for("record.page"), "Back to the record", again)
    return Ways(url_for("training.listing"), "Back to the trainings", again)


def to_models() -> Ways:
    """The way to all models, for who asked for one that is not there."""
    return Ways(url_for("listing.models"), "See all models")


def _typed() -> Pairs:
    try:
        return typed_pairs()
    except InputRefused:
        return ()
