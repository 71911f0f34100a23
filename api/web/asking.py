"""Who makes the current request, for the record of what it is answered."""

from __future__ import annotations

from flask import g, request

from api.predictions.asking import Asking

# The header with the id on record, of an answer that has no member for it.
PREDICTION_ID = "Bouquet-Prediction"


def asking() -> Asking:
    """The user who has signed in and the route, with a new id."""
    return Asking(g.flask_httpauth_user, str(request.url_rule))
