"""A model's two pages: the form to fill in, and the answer at an address of its own.

At the root of the site they are the default model's, under /models/<name> those of the one named.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..about import measured_briefly
from ..answers import read_answer
from ..api_client import ApiClient
from ..cards import Card
from ..entries import Pairs, entries, payload
from ..errors import Complaint, InputRefused
from ..experiences import read_experiences
from ..forms import draw_form, example_pairs
from . import ranked
from .listing import other_models
from .query import typed_pairs, with_query


def pages(api: ApiClient) -> Blueprint:
    """The pages; `api` is asked anew each time, as models change."""
    blueprint = Blueprint("models", __name__)

    @blueprint.get("/")
    @blueprint.get("/models/<name>")
    def form(name: str | None = None) -> ResponseReturnValue:
        """The form, filled in with what the address holds."""
        try:
            return form_page(api, name, typed_pairs())
        except InputRefused as refused:
            return form_page(api, name, (), refused.complaints)

    @blueprint.get("/prediction")
    @blueprint.get("/models/<name>/prediction")
    def prediction(name: str | None = None) -> ResponseReturnValue:
        """The answer to what the address holds, or the form again with what is wrong."""
        pairs: Pairs = ()
        try:
            pairs = typed_pairs()
            if not pairs:
                return redirect(url_for(".form", name=name))
            card = api.card(name or api.listing().default)
            if card.routes:
                return ranked.ranking_page(api, card, card.routes, pairs)
            return answer_page(card, name, pairs, api.predict(card.name, payload(card, pairs)))
        except InputRefused as refused:
            return form_page(api, name, pairs, refused.complaints)

    return blueprint


def form_page(
    api: ApiClient, name: str | None, pairs: Pairs, complaints: tuple[Complaint, ...] = ()
) -> ResponseReturnValue:
    """The form with the typed values kept; 400 if anything is complained of."""
    listing = api.listing()
    card = api.card(name or listing.default)
    if card.routes:
        return ranked.experience_page(api, card, read_experiences(pairs), complaints)
    form = draw_form(card, pairs, complaints)
    page = render_template(
        "form.html",
        card=card,
        at=name,
        form=form,
        measured=measured_briefly(card),
        others=other_models(listing, card),
        how_many=len(listing.lines),
        example_address=with_query(url_for("models.form", name=name), example_pairs(card)),
    )
    return page, 400 if form.refused else 200


def answer_page(card: Card, name: str | None, pairs: Pairs, data: object) -> ResponseReturnValue:
    """The answer, what was entered, and the way back with the values kept."""
    return render_template(
        "prediction.html",
        card=card,
        at=name,
        answer=read_answer(card, data),
        entries=entries(card, pairs),
        back=with_query(url_for("models.form", name=name), pairs),
    )
