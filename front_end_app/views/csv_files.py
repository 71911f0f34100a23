"""Many rows at once: a CSV in, the same CSV with answers beside its rows out."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import UnsupportedMediaType

from .. import csrf, uploads
from ..api_client import ApiClient, Download
from ..cards import Card
from ..entries import readable
from ..errors import BadCell, CellsRefused, Complaint, InputRefused
from ..many_rows import columns, columns_json, example_csv

MOST_SHOWN = 100
"""Bad cells listed on the page; nobody mends more than these by hand."""


def pages(api: ApiClient) -> Blueprint:
    """The page of each model that takes a file, and what it does with one."""
    blueprint = Blueprint("csv_files", __name__)

    @blueprint.get("/models/<name>/csv")
    def page(name: str) -> ResponseReturnValue:
        """The form that takes a CSV."""
        return csv_page(api.card(name))

    @blueprint.get("/models/<name>/example.csv")
    def example(name: str) -> ResponseReturnValue:
        """A CSV to start from."""
        return attachment(Response(example_csv(api.card(name)), mimetype="text/csv"), f"{name}-example.csv")

    @blueprint.post("/models/<name>/csv")
    def score(name: str) -> ResponseReturnValue:
        """The CSV with its answers, or the form again with what is wrong."""
        try:
            skip = request.args.get("on_error") == "skip"
            return download(api.score_csv(name, checked_upload(), skip=skip), name)
        except InputRefused as refused:
            return csv_page(api.card(name), complaints=refused.complaints)
        except CellsRefused as refused:
            return csv_page(api.card(name), cells=refused.cells, more=refused.more)
        finally:
            uploads.drain(request.stream)

    return blueprint


def checked_upload() -> Iterator[bytes]:
    """The CSV that this site's own form or script sends, as it comes.

    A script sends it as it is, with the token in a header; a form sends it after the token.
    """
    csrf.refuse_other_sites()
    if request.mimetype == "text/csv":
        csrf.check(request.headers.get(csrf.HEADER))
        return uploads.read_body(request.stream, request.content_length)
    if request.mimetype == "multipart/form-data":
        upload = uploads.read_form(request.stream, request.mimetype_params.get("boundary", ""))
        csrf.check(upload.fields.get(csrf.FIELD))
        return upload.blocks
    raise UnsupportedMediaType("Send the file with the form of this page.")


def csv_page(
    card: Card,
    complaints: tuple[Complaint, ...] = (),
    cells: tuple[BadCell, ...] = (),
    more: int = 0,
) -> ResponseReturnValue:
    """The form that takes a CSV; 400 with what is wrong with the one that was sent."""
    page = render_template(
        "csv.html",
        card=card,
        at=card.name,
        columns=columns(card),
        columns_json=columns_json(card),
        complaints=[readable(complaint.detail) for complaint in complaints],
        cells=[(cell.row, readable(cell.column), readable(cell.detail)) for cell in cells[:MOST_SHOWN]],
        cell_count=len(cells) + more,
    )
    return page, 400 if complaints or cells else 200


def download(scored: Download, name: str) -> Response:
    """The scored CSV, passed on as it comes."""
    response = Response(scored.blocks, mimetype="text/csv")
    if scored.length:
        response.headers["Content-Length"] = scored.length
    return attachment(response, f"{name}-predictions.csv")


def attachment(response: Response, file_name: str) -> Response:
    """A response that a browser keeps as a file."""
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
