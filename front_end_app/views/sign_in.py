"""Signing in with the API's names and passwords, and out again."""

from __future__ import annotations

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from .. import sessions
from ..errors import SignInNeeded
from .people import People, SignInRefused, kept_fields, safe_path

NEXT = "next"


def pages(people: People) -> Blueprint:
    """The page to sign in at, and the way out."""
    blueprint = Blueprint("sign_in", __name__)

    @blueprint.get("/sign-in")
    def page() -> ResponseReturnValue:
        """The form for name and password."""
        was = sessions.last_signed_in()
        return sign_in_page(
            again=was is not None and sessions.signed_in() is None, name=was.name if was else ""
        )

    @blueprint.post("/sign-in")
    def sign_in() -> ResponseReturnValue:
        """Sign in, and go to where somebody was on the way to."""
        fields = people.posted()
        return redirect(safe_path(fields.get(NEXT), url_for("training.listing")), 303)

    @blueprint.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        """Sign out. The token runs out by itself; nothing here holds it any more."""
        people.posted()
        sessions.forget()
        flash("You are signed out.")
        return redirect(url_for(".page"), 303)

    return blueprint


def install(app: Flask) -> None:
    """Show the form to sign in wherever somebody has to."""

    @app.errorhandler(SignInNeeded)
    def needed(_: SignInNeeded) -> ResponseReturnValue:
        was = sessions.last_signed_in()
        if request.method == "GET":
            return redirect(url_for("sign_in.page", next=request.full_path.rstrip("?")), 303)
        sessions.forget_token()
        return sign_in_page(again=True, name=was.name if was else "", status=401)

    @app.errorhandler(SignInRefused)
    def refused(error: SignInRefused) -> ResponseReturnValue:
        response = sign_in_page(name=error.name, error=error.sentence, status=error.status)
        if error.retry_after is not None:
            response.headers["Retry-After"] = str(error.retry_after)
        return response


def sign_in_page(*, again: bool = False, name: str = "", error: str = "", status: int = 200) -> Response:
    """The form; `again` says that the time is up. What another form held goes along, and where it went."""
    going_on = request.method == "POST" and request.endpoint != "sign_in.sign_in"
    kept = kept_fields() if request.method == "POST" else {}
    if request.method == "GET":
        kept = {NEXT: safe_path(request.args.get(NEXT), url_for("training.listing"))}
    page = render_template(
        "sign_in.html",
        action=request.full_path.rstrip("?") if going_on else url_for("sign_in.page"),
        going_on=going_on,
        again=again,
        name=name,
        error=error,
        kept=kept,
    )
    return make_response(page, status)
