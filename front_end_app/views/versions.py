"""A model's versions: which answers, how good it is, and choosing another."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from .. import sessions
from ..api_client import ApiClient
from ..errors import ApiError, SignInNeeded
from ..figures import explain_figures, titled, written
from ..moments import shown, shown_exactly
from ..persons_api import PersonsApi
from ..versions import Health, Version
from .people import People, safe_path

PREVIOUS = "previous"


def pages(api: ApiClient, people: People) -> Blueprint:
    """The page of each model's versions."""
    blueprint = Blueprint("versions", __name__)

    @blueprint.get("/models/<name>/versions")
    def of(name: str) -> ResponseReturnValue:
        """The versions, the health of the one that answers, and what was done."""
        persons = people.api()
        versions = persons.versions(name)
        card = api.card(name)
        person = sessions.signed_in()
        health = _health(persons, name)
        names = [name for name in card.figures if name != "seconds"]
        return render_template(
            "versions.html",
            card=card,
            at=name,
            versions=versions,
            heads=[titled(one) for one in names],
            lines=[(one, shown_exactly(one.trained_at), _figures(one, names)) for one in versions.lines],
            history=[(event, shown_exactly(event.at)) for event in versions.history],
            health=health,
            since=shown(health.since) if health else None,
            figures=explain_figures(health.figures, regression=card.regression) if health else (),
            in_use=explain_figures(health.in_use, regression=card.regression) if health else (),
            may_train=person is not None and person.may_train,
        )

    @blueprint.get("/models/<name>/health")
    def health(name: str) -> ResponseReturnValue:
        """It stands on the page of the versions."""
        return redirect(url_for(".of", name=name, _anchor="health"))

    @blueprint.post("/models/<name>/enabled")
    def enable(name: str) -> ResponseReturnValue:
        """Let a version answer, or the one before, and go back to where the button was."""
        fields = people.posted()
        version = people.api().enable(name, fields.get("version", ""))
        flash(f"Version {version} of {name} answers now.")
        return redirect(safe_path(fields.get("back"), url_for(".of", name=name)), 303)

    return blueprint


def _figures(version: Version, names: list[str]) -> list[str]:
    return [written(name, version.figures.get(name)) for name in names]


def _health(persons: PersonsApi, name: str) -> Health | None:
    """How the model does; None where that cannot be told, for the page has the versions all the same."""
    try:
        return persons.health(name)
    except SignInNeeded:
        raise
    except ApiError:
        return None
