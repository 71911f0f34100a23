"""What is known of a model: its card, in words."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from .. import about
from ..api_client import ApiClient
from ..figures import explain, percent
from ..many_rows import columns


def pages(api: ApiClient) -> Blueprint:
    """The page about each model."""
    blueprint = Blueprint("about", __name__)

    @blueprint.get("/models/<name>/about")
    def model(name: str) -> ResponseReturnValue:
        """What it does, what it learnt from, how good it is, how it is run."""
        card = api.card(name)
        return render_template(
            "about.html",
            card=card,
            at=name,
            about=about,
            figures=explain(card),
            percent=percent,
            columns=columns(card),
        )

    return blueprint
