"""The pages of a model that ranks titles for what somebody has done: form, ranking, titles, skills.

What is typed is posted, since it may be longer than an address. A short one is then answered at an
address of its own, as every prediction is, and a long one at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, quote

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import MethodNotAllowed, NotFound, RequestEntityTooLarge

from .. import csrf, uploads
from ..about import measured_briefly
from ..api_client import ApiClient
from ..cards import Card, Routes
from ..entries import Pairs, readable
from ..errors import Complaint, InputRefused, UnknownTitle
from ..experiences import (
    Experience,
    draw_experiences,
    experience_pairs,
    payload,
    read_experiences,
    strangers,
)
from ..forms import example_pairs
from ..rankings import read_ranking
from ..titles import by_letter
from .listing import other_models
from .query import with_query

LONGEST = 4_000_000
"""Bytes of a form: a megabyte of text in any script, as forms write it."""
LONGEST_ADDRESS = 4_000
"""Characters of an address that every browser and every proxy takes."""
DO = "do"


def pages(api: ApiClient) -> Blueprint:
    """The pages that other models do not have."""
    blueprint = Blueprint("ranked", __name__)

    @blueprint.post("/models/<name>/prediction")
    def rank(name: str) -> ResponseReturnValue:
        """The ranking, or the form with an experience more or less; 405 for other models."""
        csrf.refuse_other_sites()
        pairs = _posted()
        experiences = g.kept = read_experiences(pairs)
        csrf.check(dict(pairs).get(csrf.FIELD))
        card = api.card(name)
        if card.routes is None:
            raise MethodNotAllowed(["GET", "HEAD", "OPTIONS"])
        return _done(api, card, card.routes, experiences, dict(pairs).get(DO, ""))

    @blueprint.get("/models/<name>/titles")
    def titles(name: str) -> ResponseReturnValue:
        """All titles there are."""
        card, routes = _ranking(api, name)
        found = api.titles(routes)
        return render_template("titles.html", card=card, groups=by_letter(found), count=len(found))

    @blueprint.get("/models/<name>/titles/<path:title>")
    def skills(name: str, title: str) -> ResponseReturnValue:
        """What one title takes, or which titles are like one that is not there."""
        card, routes = _ranking(api, name)
        try:
            return render_template("skills.html", card=card, found=api.skills(routes, title))
        except UnknownTitle as unknown:
            page = render_template("no_title.html", card=card, title=readable(title), nearest=unknown.nearest)
            return page, 404

    return blueprint


def experience_page(
    api: ApiClient,
    card: Card,
    experiences: Sequence[Experience],
    complaints: Sequence[Complaint] = (),
    *,
    newest: bool = False,
) -> ResponseReturnValue:
    """The form with what was typed; 400 if anything is complained of. The `newest` one gets the focus."""
    form, listing = draw_experiences(experiences, complaints), api.listing()
    page = render_template(
        "experiences.html",
        card=card,
        field=card.fields[0] if card.fields else None,
        form=form,
        newest=newest,
        measured=measured_briefly(card),
        others=other_models(listing, card),
        how_many=len(listing.lines),
        example_address=with_query(url_for("models.form", name=card.name), example_pairs(card)),
    )
    return page, 400 if form.refused else 200


def ranking_page(api: ApiClient, card: Card, routes: Routes, pairs: Pairs) -> ResponseReturnValue:
    """The ranking for what the address holds; raises InputRefused."""
    unknown = strangers(pairs)
    if unknown:
        raise InputRefused(unknown)
    return _ranking_page(api, card, routes, read_experiences(pairs))


def title_address(card: Card, title: str) -> str:
    """The address of what a title takes; a slash in it is no part of the path."""
    return f"{url_for('ranked.titles', name=card.name)}/{quote(title, safe='')}"


def _done(
    api: ApiClient, card: Card, routes: Routes, experiences: tuple[Experience, ...], do: str
) -> ResponseReturnValue:
    if do == "add":
        return experience_page(api, card, (*experiences, Experience()), newest=True)
    if do == "change":
        return experience_page(api, card, experiences)
    if do.startswith("remove-") and do[7:].isdecimal():
        left = [one for number, one in enumerate(experiences, 1) if number != int(do[7:])]
        return experience_page(api, card, left or [Experience()])
    address = with_query(url_for("models.prediction", name=card.name), experience_pairs(experiences))
    if len(address) <= LONGEST_ADDRESS:
        return redirect(address, 303)
    try:
        response = make_response(_ranking_page(api, card, routes, experiences))
    except InputRefused as refused:
        return experience_page(api, card, experiences, refused.complaints)
    # So that coming back from a title shows the answer again, and does not ask to send the form anew.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _ranking_page(
    api: ApiClient, card: Card, routes: Routes, experiences: Sequence[Experience]
) -> ResponseReturnValue:
    ranking = read_ranking(api.rank(routes, payload(experiences)), experiences)
    pairs = experience_pairs(experiences)
    return render_template(
        "ranking.html",
        card=card,
        ranking=ranking,
        posted=pairs if request.method == "POST" else None,
        back=with_query(url_for("models.form", name=card.name), pairs),
        title_address=title_address,
    )


def _ranking(api: ApiClient, name: str) -> tuple[Card, Routes]:
    card = api.card(name)
    if card.routes is None:
        raise NotFound
    return card, card.routes


def _posted() -> Pairs:
    """Names and values of the form in their order, which Flask's own reading loses."""
    if (request.content_length or 0) > LONGEST:
        uploads.drain(request.stream)
        raise RequestEntityTooLarge
    text = request.stream.read(LONGEST).decode("utf-8", "replace")
    return parse_qsl(text, keep_blank_values=True, errors="replace")
