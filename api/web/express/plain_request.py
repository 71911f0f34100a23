"""What makes a request plain, as far as it can be told without its user and its model."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from api.web.answer import JSON

Environ = dict[str, Any]

# A longer body is work of many milliseconds, to which the lane's fraction of one makes no difference.
LONGEST = 1024 * 1024

_JSON_TYPES = frozenset({JSON, f"{JSON}; charset=utf-8", f"{JSON};charset=utf-8"})
# With one of these, body or connection are something else than they seem.
_UNUSUAL = (
    "HTTP_TRANSFER_ENCODING",
    "HTTP_CONTENT_ENCODING",
    "HTTP_UPGRADE",
    "HTTP_INFERENCE_HEADER_CONTENT_LENGTH",
)


def is_plain(environ: Environ) -> bool:
    """Whether nothing around the request's path, query and body changes what it means."""
    if environ.get("SCRIPT_NAME") or not environ.get("QUERY_STRING", "").isascii():
        return False
    return environ.keys().isdisjoint(_UNUSUAL)


def plain_body(environ: Environ) -> bytes | None:
    """A body of JSON, whole; None where it is not known to be one.

    What is read is put back, so that Flask reads it again.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    if environ.get("CONTENT_TYPE") not in _JSON_TYPES or not (length.isascii() and length.isdigit()):
        return None
    size = int(length[:9])
    if len(length) > 9 or not 0 < size <= LONGEST:
        return None
    body: bytes = environ["wsgi.input"].read(size)
    environ["wsgi.input"] = BytesIO(body)
    return body if len(body) == size else None
