"""Who may sign in beside the pair in the settings: for administrators."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import g
from flask_restful import Api, Resource
from werkzeug.exceptions import BadRequest

from api.errors import UnknownUser
from api.schema.as_json import Json
from api.storage.users import Account, Role, Users
from api.web.body import json_body
from api.web.sign_in import SignIn
from api.web.user_changes import UserChanges, check_password

PATH = "/api/v1.0/users"
# What a change may name, and what each has to be.
_MEMBERS: dict[str, type] = {"password": str, "role": str, "disabled": bool}


def add_users(api: Api, users: Users, sign_in: SignIn) -> None:
    """Add the routes."""
    kept = {"users": users, "sign_in": sign_in}
    api.add_resource(AllUsers, PATH, resource_class_kwargs=kept)
    api.add_resource(OneUser, f"{PATH}/<name>", resource_class_kwargs=kept)


class _OfUsers(Resource):
    """What both routes need."""

    def __init__(self, users: Users, sign_in: SignIn) -> None:
        self._users = users
        self._sign_in = sign_in

    def _changes(self) -> UserChanges:
        return UserChanges(self._users, self._sign_in.username, by=g.flask_httpauth_user)

    def _shown(self, name: str) -> Json:
        account = self._users.find(name)
        if account is None:
            raise UnknownUser(name)
        return _as_json(account)


class AllUsers(_OfUsers):
    """All of them."""

    def get(self) -> Json:
        """The users by name; the administrator whom the settings name is not among them."""
        return {"users": [_as_json(one) for one in self._users.all()]}

    def post(self) -> tuple[Json, int, dict[str, str]]:
        """Add one: `{"name": …, "password": …}`, with `"role"` unless it is predict; 409 if there is one."""
        asked = _asked(_MEMBERS | {"name": str})
        for needed in ("name", "password"):
            if needed not in asked:
                raise BadRequest(f'"{needed}" is missing: the body must be {{"name": …, "password": …}}.')
        # Nobody is added who may not come in.
        disabled = asked.pop("disabled", False)
        if disabled:
            raise BadRequest('"disabled" must be false, or not there, for a user who is added.')
        name = asked["name"]
        self._changes().add(name, asked["password"], asked.get("role", Role.PREDICT))
        return self._shown(name), 201, {"Location": f"{PATH}/{quote(name)}"}


class OneUser(_OfUsers):
    """One of them."""

    def get(self, name: str) -> Json:
        """What the user may do."""
        return self._shown(name)

    def patch(self, name: str) -> Json:
        """Change any of `{"role": …, "password": …, "disabled": …}`; it holds within a second everywhere."""
        asked = _asked(_MEMBERS)
        if not asked:
            raise BadRequest(f"The body must name one of {', '.join(_MEMBERS)}.")
        # Before anything is changed.
        self._shown(name)
        if "password" in asked:
            check_password(asked["password"])
        changes = self._changes()
        if "role" in asked:
            changes.set_role(name, asked["role"])
        if "password" in asked:
            changes.set_password(name, asked["password"])
        if "disabled" in asked:
            changes.set_disabled(name, asked["disabled"])
        # Here at once; the other processes follow.
        self._sign_in.forget()
        return self._shown(name)


def _asked(members: dict[str, type]) -> dict[str, Any]:
    """The body, an object with some of these members; raises BadRequest naming all that does not fit."""
    body = json_body()
    if not isinstance(body, dict):
        raise BadRequest(f"The body must be an object with {', '.join(members)}.")
    wrong = [f"{name[:80]!r} is not one of {', '.join(members)}" for name in body if name not in members]
    words = {str: "a text", bool: "true or false"}
    wrong += [
        f'"{name}" must be {words[kind]}'
        for name, kind in members.items()
        if name in body and not isinstance(body[name], kind)
    ]
    roles = [str(role) for role in Role]
    if isinstance(body.get("role"), str) and body["role"] not in roles:
        wrong.append(f'"role" must be one of {", ".join(roles)}')
    if wrong:
        raise BadRequest("; ".join(wrong)[:1000] + ".")
    return body | {"role": Role(body["role"])} if "role" in body else body


def _as_json(account: Account) -> Json:
    return {
        "name": account.name,
        "role": str(account.role),
        "made_at": account.made_at,
        "disabled": account.disabled,
    }
