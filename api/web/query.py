"""The query string as (name, text) pairs."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import request


def query_pairs() -> list[tuple[str, str]]:
    """Every parameter of the current request, in order, empty ones included.

    Flask's own `request.args` raises UnicodeDecodeError for raw bytes that are not UTF-8; here they become
    replacement characters, which no field takes.
    """
    return parse_qsl(
        request.query_string.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"
    )
