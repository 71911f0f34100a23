"""A new training in two steps: what it is trained from, then what was found in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from .. import csrf, sessions, uploads
from ..entries import readable
from ..errors import CellsRefused, Complaint, InputRefused, SignInNeeded
from ..new_training import MEMBERS, METRICS, TASKS, asked, class_rows, preview_of
from ..trainings import upload_name
from .people import NOT_KEPT, People, SignInRefused

NOTHING_GIVEN = Complaint("dataset", "Choose a CSV file, or give a link to one.")
BOTH_GIVEN = Complaint("dataset", "Choose a file or give a link, not both.")


def pages(people: People) -> Blueprint:
    """The two steps."""
    blueprint = Blueprint("new_training", __name__)

    @blueprint.get("/training/new")
    def page() -> ResponseReturnValue:
        """The form; a model's name may stand in the address."""
        people.api()
        return form_page({"model": request.args.get("model", "")[:64]})

    @blueprint.post("/training/new")
    def change() -> ResponseReturnValue:
        """The form again with what was typed in it before."""
        fields = people.posted()
        people.api()
        return form_page(fields)

    @blueprint.get("/training/preview")
    def nothing_to_see() -> ResponseReturnValue:
        """What was found has no address of its own."""
        return redirect(url_for(".page"))

    @blueprint.post("/training/preview")
    def preview() -> ResponseReturnValue:
        """What was found in the file, or the form again with what is wrong."""
        fields: dict[str, str] = {}
        try:
            return preview_page(fields, _look(people, fields))
        except InputRefused as refused:
            return form_page(fields, refused.complaints)
        except (SignInNeeded, SignInRefused) as why:
            return sign_in_again(fields, why if isinstance(why, SignInRefused) else None)
        finally:
            uploads.drain(request.stream)

    @blueprint.post("/training")
    def start() -> ResponseReturnValue:
        """Start it, and go to where it is followed."""
        fields = people.posted()
        try:
            id = people.api().start(asked(fields), fields.get("key", "")[:64])
        except InputRefused as refused:
            return form_page(fields, refused.complaints)
        return redirect(url_for("training.one", id=id), 303)

    return blueprint


def form_page(
    fields: Mapping[str, str],
    complaints: tuple[Complaint, ...] = (),
    again: SignInRefused | None = None,
    status: int | None = None,
) -> ResponseReturnValue:
    """The first step with the typed values kept; `again` asks to sign in within the same form."""
    person = sessions.signed_in()
    page = render_template(
        "training_new.html",
        values={name: fields.get(name, "") for name in MEMBERS},
        kept_file=upload_name(fields.get("upload", "")),
        errors=dict.fromkeys(MEMBERS, "")
        | {one.name: readable(one.detail) for one in reversed(complaints) if one.name},
        complaints=[(one.name, readable(one.detail)) for one in complaints],
        tasks=TASKS,
        metrics=METRICS,
        again=again,
        may_train=person is None or person.may_train,
    )
    return page, status or (400 if complaints else 200)


def sign_in_again(fields: Mapping[str, str], refused: SignInRefused | None = None) -> ResponseReturnValue:
    """The form with room for name and password in it: what was typed stays, with a script the file too."""
    was = sessions.last_signed_in()
    name = was.name if was else ""
    refused = refused or SignInRefused(name, "", 401)
    kept = {key: value for key, value in fields.items() if key not in NOT_KEPT}
    return form_page(kept, again=refused, status=refused.status)


def preview_page(fields: Mapping[str, str], data: Any) -> ResponseReturnValue:
    """The second step: what was found."""
    person = sessions.signed_in()
    preview = preview_of(fields, data)
    return render_template(
        "training_preview.html",
        preview=preview,
        classes=class_rows(preview.target),
        key=secrets.token_hex(16),
        may_train=person is not None and person.may_train,
    )


def _look(people: People, fields: dict[str, str]) -> Any:
    """What the API finds in what this request's form gives; `fields` takes what was typed in it."""
    if request.mimetype != "multipart/form-data":
        fields.update(people.posted())
        return people.api().preview(_asked(fields))
    upload = _checked_form()
    fields.update(upload.fields)
    people.accept(fields)
    api, blocks = people.api(), _blocks(upload)
    if blocks is None:
        return api.preview(_asked(fields))
    if fields.get("dataset", "").strip():
        raise InputRefused((BOTH_GIVEN,))
    fields.pop("upload", None)
    try:
        return api.preview_file(asked(fields), upload.file_name, blocks)
    except CellsRefused as refused:
        raise InputRefused(_of_cells(refused)) from None


def _checked_form() -> uploads.Upload:
    csrf.refuse_other_sites()
    upload = uploads.read_form(request.stream, request.mimetype_params.get("boundary", ""))
    csrf.check(upload.fields.get(csrf.FIELD))
    return upload


def _asked(fields: Mapping[str, str]) -> dict[str, str]:
    wanted = asked(fields)
    if "dataset" not in wanted and "upload" not in wanted:
        raise InputRefused((NOTHING_GIVEN,))
    if "dataset" in wanted and "upload" in wanted:
        del wanted["upload"]
    return wanted


def _blocks(upload: uploads.Upload) -> Iterator[bytes] | None:
    """The file's content; None if none was chosen, where browsers send an empty one without a name."""
    first = next(upload.blocks, b"")
    if not first and not upload.file_name:
        return None

    def all_of_it() -> Iterator[bytes]:
        yield first
        yield from upload.blocks

    return all_of_it()


def _of_cells(refused: CellsRefused) -> tuple[Complaint, ...]:
    """Bad cells as sentences: nobody has anything else answered of a file to train from."""
    said = [
        Complaint(None, f"Row {cell.row}{', ' + cell.column if cell.column else ''}: {cell.detail}")
        for cell in refused.cells[:20]
    ]
    more = len(refused.cells) - len(said) + refused.more
    return (*said, *((Complaint(None, f"And {more} more."),) if more > 0 else ()))
