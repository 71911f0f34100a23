"""Trainings: all of them, a new one in two steps, and one that is followed to its report."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from .. import sessions
from ..errors import ApiError, SignInNeeded
from ..moments import shown
from ..persons_api import PersonsApi
from ..progress import progress
from ..report_view import report_view
from ..reports import read_report
from ..trainings import PROCESSED, Training
from ..versions import Versions
from .people import People

LET_IN_SECONDS = 10
"""How long after its end a training's version is waited for; whatever it is then, the report is shown."""
REFRESH_SECONDS = 5
"""How often the page of a running training loads itself anew where no script runs."""


def pages(people: People) -> Blueprint:
    """The list, and the page of each."""
    blueprint = Blueprint("training", __name__)

    @blueprint.get("/training")
    def listing() -> ResponseReturnValue:
        """The trainings, newest first."""
        page = people.api().trainings(request.args.get("cursor", ""))
        now = datetime.now(UTC)
        running = any(not line.ended for line in page.lines)
        return render_template(
            "trainings.html",
            lines=[(line, shown(line.made_at), progress(line, now)) for line in page.lines],
            next=page.next,
            first=not request.args.get("cursor"),
            refresh=REFRESH_SECONDS * 2 if running else None,
        )

    @blueprint.get("/training/<id>")
    def one(id: str) -> ResponseReturnValue:
        """How far it is, or what came of it."""
        api = people.api()
        training = api.training(id)
        return render_template("training.html", **_seen(api, training))

    @blueprint.get("/training/<id>/progress")
    def how_far(id: str) -> ResponseReturnValue:
        """The part of that page that changes, for its script."""
        api, now = people.api(), datetime.now(UTC)
        training = api.training(id)
        far = progress(training, now)
        response = make_response(render_template("progress.html", training=training, progress=far))
        response.headers["Bouquet-Ended"] = "1" if _over(api, training, now) else "0"
        return response

    @blueprint.post("/training/<id>/cancel")
    def cancel(id: str) -> ResponseReturnValue:
        """Stop it."""
        people.posted()
        people.api().cancel(id)
        flash("The training is being stopped.")
        return redirect(url_for(".one", id=id), 303)

    return blueprint


def _seen(api: PersonsApi, training: Training) -> dict[str, object]:
    """What the page of a training shows."""
    person, now = sessions.signed_in(), datetime.now(UTC)
    over = _over(api, training, now)
    settled = over and training.status == PROCESSED
    return {
        "training": training,
        "progress": progress(training, now),
        "made": shown(training.made_at),
        "report": report_view(read_report(training.report)) if training.report else None,
        "over": over,
        "settled": settled,
        "versions": _versions(api, training.model) if settled else None,
        "may_train": person is not None and person.may_train,
        "refresh": None if over else REFRESH_SECONDS,
    }


def _over(api: PersonsApi, training: Training, now: datetime) -> bool:
    """Whether nothing more will happen: it has ended, and where its version was enabled, that answers.

    The API's processes learn of a version that another one enabled, and of a new model, within two seconds;
    until then a link to its form would lead nowhere.
    """
    if training.status != PROCESSED or not training.enabled or training.ended_at is None:
        return training.ended
    if (now - training.ended_at).total_seconds() > LET_IN_SECONDS:
        return True
    versions = _versions(api, training.model)
    return versions is not None and versions.answering == training.version


def _versions(api: PersonsApi, name: str) -> Versions | None:
    """The versions of the model that was trained; None where they cannot be told: the page has the rest."""
    try:
        return api.versions(name) if name else None
    except SignInNeeded:
        raise
    except ApiError:
        return None
