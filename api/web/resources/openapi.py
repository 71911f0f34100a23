"""GET /openapi.json: what every route takes and answers, for programs."""

from __future__ import annotations

from flask import Response
from flask_restful import Resource

from api.web.auth import signed_in
from api.web.openapi.document import LiveDocument
from api.web.sign_in import SignIn


class OpenApi(Resource):
    """The OpenAPI document of the models that answer now."""

    def __init__(self, document: LiveDocument, sign_in: SignIn, details_for_all: bool) -> None:
        self._document = document
        self._sign_in = sign_in
        self._details_for_all = details_for_all

    def get(self) -> Response:
        """The document; wrong credentials see what no credentials see, and count as a failed sign-in."""
        details = self._details_for_all or signed_in(self._sign_in)
        return Response(self._document.text(details=details), content_type="application/json")
