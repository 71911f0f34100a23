"""A model's versions: which there are, which one answers, and what was done to them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import g
from flask_restful import Resource
from werkzeug.exceptions import BadRequest

from api.runtime.versions import Version, Versions
from api.schema.as_json import Json
from api.web.body import json_object

PREVIOUS = "previous"


class ModelVersions(Resource):
    """The versions of one model."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    def get(self, name: str) -> Json:
        """The versions, newest first, and what was done to them, newest first."""
        return {
            "model": name,
            "versions": [_version(one) for one in self._versions.at_rest(name)],
            "history": [asdict(event) for event in self._versions.history(name)],
        }


class ModelVersion(Resource):
    """One version of one model."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    def delete(self, name: str, version: str) -> tuple[str, int]:
        """Delete it; 409 for the version that answers."""
        self._versions.delete(name, version, by=g.flask_httpauth_user)
        return "", 204


class EnabledVersionOf(Resource):
    """The version of one model that answers."""

    def __init__(self, versions: Versions) -> None:
        self._versions = versions

    def get(self, name: str) -> Json:
        """Its number."""
        return {"model": name, "version": self._versions.enabled(name)}

    def put(self, name: str) -> Json:
        """Enable the version in `{"version": "2"}`, or the one before with `{"version": "previous"}`.

        409 for a version that is refused; what answered before answers still.
        """
        version = json_object("version")["version"]
        if not isinstance(version, str):
            raise BadRequest('"version" must be a string, for example "2", or "previous".')
        if version == PREVIOUS:
            version = self._versions.roll_back(name, by=g.flask_httpauth_user)
        else:
            self._versions.enable(name, version, by=g.flask_httpauth_user)
        return {"model": name, "version": version}


def _version(one: Version) -> dict[str, Any]:
    card = one.card
    return {
        "version": one.number,
        "enabled": one.enabled,
        "trained_at": card.trained_at if card else None,
        "figures": asdict(card.figures) if card and card.figures else None,
        "runtime": card.runtime.format if card else None,
        "refused": one.refused,
    }
