"""The users, whom administrators add and change."""

from __future__ import annotations

from api.storage.users import Role
from api.web.openapi.errors import problems
from api.web.openapi.operations import Json, answer, body, json_content, operation, path_parameter, ref
from api.web.user_changes import LONGEST, LONGEST_NAME, SHORTEST

TAG = "Users"
_NAME: Json = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": "^[A-Za-z0-9._@+-]+$"}
_MEMBERS: Json = {
    "password": {
        "type": "string",
        "minLength": SHORTEST,
        "maxLength": LONGEST,
        "description": "Kept as a salted hash. Another one ends the user's tokens.",
    },
    "role": {"enum": [str(role) for role in Role], "description": "Each may do what those before it may."},
    "disabled": {"type": "boolean", "description": "Whether the user is let in no more."},
}

USER_SCHEMAS: Json = {
    "User": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "role": {"enum": [str(role) for role in Role]},
            "made_at": {"type": "string", "format": "date-time"},
            "disabled": {"type": "boolean"},
        },
        "required": ["name", "role", "made_at", "disabled"],
    },
    "NewUser": {
        "type": "object",
        "properties": {"name": _NAME, "password": _MEMBERS["password"], "role": _MEMBERS["role"]},
        "required": ["name", "password"],
        "additionalProperties": False,
    },
    "UserChange": {
        "type": "object",
        "properties": _MEMBERS,
        "minProperties": 1,
        "additionalProperties": False,
    },
}


def user_paths() -> Json:
    """The paths."""
    all_users: Json = {
        "type": "object",
        "properties": {"users": {"type": "array", "items": ref("User")}},
        "required": ["users"],
    }
    listed = {"200": answer("The users by name.", all_users)} | problems(401, 403, 429, 503)
    added = {"201": answer("The user who was added.", ref("User"))} | problems(
        400, 401, 403, 409, 413, 415, 429, 503
    )
    one = {"200": answer("The user.", ref("User"))}
    shown = one | problems(401, 403, 404, 429, 503)
    changed = one | problems(400, 401, 403, 404, 413, 415, 429, 503)
    name = path_parameter("name", "The user's name.", {"type": "string"})
    changes = "Change a user's role or password, or let a user in no more"
    return {
        "/api/v1.0/users": {
            "get": operation(TAG, "users", "Who may sign in", listed),
            "post": operation(TAG, "addUser", "Add a user", added) | body(json_content(ref("NewUser"))),
        },
        "/api/v1.0/users/{name}": {
            "parameters": [name],
            "get": operation(TAG, "user", "What a user may do", shown),
            "patch": operation(TAG, "changeUser", changes, changed) | body(json_content(ref("UserChange"))),
        },
    }
