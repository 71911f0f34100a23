"""Where somebody who met a problem can go: the same address again, and back to where they came from."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from ..entries import Pairs
from ..errors import InputRefused
from .query import typed_pairs, with_query

SENDS_A_FILE = "csv_files.score"


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
    again = url_for(endpoint, name=name) if endpoint in ("csv_files.page", "about.model") else ""
    if endpoint in ("listing.models", "ranked.titles", "ranked.skills"):
        again = url_for(endpoint, **(request.view_args or {}))
    return Ways(url_for("models.form"), "Back to the form", again)


def to_models() -> Ways:
    """The way to all models, for who asked for one that is not there."""
    return Ways(url_for("listing.models"), "See all models")


def _typed() -> Pairs:
    try:
        return typed_pairs()
    except InputRefused:
        return ()
