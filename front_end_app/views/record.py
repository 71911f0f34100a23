"""The record of what was answered, to be read and taken along."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from ..api_client import ApiClient
from ..moments import shown_exactly
from .csv_files import attachment
from .people import People


def pages(api: ApiClient, people: People) -> Blueprint:
    """The record as a page and as a file."""
    blueprint = Blueprint("record", __name__)

    @blueprint.get("/predictions")
    def page() -> ResponseReturnValue:
        """What was answered, newest first."""
        persons = people.api()
        model, cursor = request.args.get("model", ""), request.args.get("cursor", "")
        record = persons.record(model, cursor)
        return render_template(
            "record.html",
            rows=[(row, shown_exactly(row.time)) for row in record.rows],
            next=record.next,
            first=not cursor,
            model=model,
            models=api.listing().lines,
        )

    @blueprint.get("/predictions.csv")
    def file() -> ResponseReturnValue:
        """All of it, passed on as it comes."""
        model = request.args.get("model", "")
        taken = people.api().record_csv(model)
        response = Response(taken.blocks, mimetype="text/csv")
        if taken.length:
            response.headers["Content-Length"] = taken.length
        plain = "".join(one for one in model if one.isascii() and (one.isalnum() or one in "_-"))
        return attachment(response, f"{plain}-predictions.csv" if plain else "predictions.csv")

    return blueprint
