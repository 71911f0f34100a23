"""A model's two pages: the form to fill in, and the answer at an address of its own."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..answers import read_answer
from ..api_client import ApiClient
from ..cards import Card
from ..entries import Pairs, entries, payload
from ..errors import Complaint, InputRefused
from ..forms import draw_form, example_pairs
from .query import typed_pairs, with_query


def pages(api: ApiClient) -> Blueprint:
    """The pages of the default model; `api` is asked anew each time, as models change."""
    blueprint = Blueprint("models", __name__)

    @blueprint.get("/")
    def form() -> ResponseReturnValue:
        """The form, filled in with what the address holds."""
        card = api.default_card()
        try:
            return form_page(card, typed_pairs())
        except InputRefused as refused:
            return form_page(card, (), refused.complaints)

    @blueprint.get("/prediction")
    def prediction() -> ResponseReturnValue:
        """The answer to what the address holds, or the form again with what is wrong."""
        pairs: Pairs = ()
        try:
            pairs = typed_pairs()
            if not pairs:
                return redirect(url_for(".form"))
            card = api.default_card()
            return answer_page(card, pairs, api.predict(payload(card, pairs)))
        except InputRefused as refused:
            return form_page(api.default_card(), pairs, refused.complaints)

    return blueprint


def form_page(card: Card, pairs: Pairs, complaints: tuple[Complaint, ...] = ()) -> ResponseReturnValue:
    """The form with the typed values kept; 400 if anything is complained of."""
    form = draw_form(card, pairs, complaints)
    page = render_template(
        "form.html",
        card=card,
        form=form,
        action=url_for("models.prediction"),
        example_address=with_query(url_for("models.form"), example_pairs(card)),
    )
    return page, 400 if form.refused else 200


def answer_page(card: Card, pairs: Pairs, data: object) -> ResponseReturnValue:
    """The answer, what was entered, and the way back with the values kept."""
    return render_template(
        "prediction.html",
        card=card,
        answer=read_answer(card, data),
        entries=entries(card, pairs),
        back=with_query(url_for("models.form"), pairs),
    )
