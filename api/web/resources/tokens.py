"""POST /api/v1.0/tokens: a token in place of a password, for an hour."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_restful import Resource

from api.web.auth import current_user, refusal
from api.web.sign_in import SignIn


class NewToken(Resource):
    """Gives tokens."""

    def __init__(self, sign_in: SignIn) -> None:
        self._sign_in = sign_in

    def post(self) -> tuple[dict[str, Any], int] | Response:
        """A token for who signs in with name and password; with a token there is no other one."""
        user, given = current_user(), request.authorization
        token = self._sign_in.token_for(user) if given is not None and given.type == "basic" else None
        if token is None:
            return refusal("A token is given for a name and a password, by basic authentication.")
        return {
            "token": token.text,
            "expires_at": token.expires_at,
            "name": user.name,
            "role": user.role,
        }, 201
