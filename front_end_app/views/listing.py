"""The models there are."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from ..about import predicts
from ..api_client import ApiClient
from ..cards import Card, Listing
from ..errors import UnknownModel


def pages(api: ApiClient) -> Blueprint:
    """The list of models."""
    blueprint = Blueprint("listing", __name__)

    @blueprint.get("/models")
    def models() -> ResponseReturnValue:
        """Each model by its title, and what it predicts."""
        listing = api.listing()
        cards = served(api, listing)
        return render_template(
            "models.html", lines=[(card, predicts(card)) for card in cards], default=listing.default
        )

    return blueprint


def served(api: ApiClient, listing: Listing) -> list[Card]:
    """The cards of the models in a list; one that was taken out meanwhile is left out."""
    cards = []
    for line in listing.lines:
        try:
            cards.append(api.card(line.name))
        except UnknownModel:
            continue
    return cards


MOST_LINKED = 40
"""Other models that a form links to; where there are more, the list of all of them has to do."""


def other_models(listing: Listing, card: Card) -> list[tuple[str, str]]:
    """The titles and addresses of the models beside this one."""
    others = [line for line in listing.lines if line.name != card.name][:MOST_LINKED]
    return [
        (line.title, url_for("models.form", name=None if line.name == listing.default else line.name))
        for line in others
    ]
