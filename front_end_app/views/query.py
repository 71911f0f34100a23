"""The query string of the request: what a form sent, or what somebody wrote into the address."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import request

from ..entries import Pairs
from ..errors import Complaint, InputRefused

LONGEST = 60_000
"""Characters of a query string, a little less than the servers take: a text of thousands of letters that are
written as six characters each. What is longer goes to the API as JSON, or as a CSV."""


def typed_pairs() -> Pairs:
    """Names and values in their order; raises InputRefused when there are too many to read.

    Bytes that are not UTF-8 come out as replacement characters, so that they are shown and
    refused as the values they are.
    """
    text = request.query_string.decode("utf-8", "replace")
    if len(text) > LONGEST:
        detail = f"This is too long to read: {len(text)} characters, where {LONGEST} are allowed."
        raise InputRefused((Complaint(None, detail),))
    return parse_qsl(text, keep_blank_values=True, errors="replace")


def with_query(address: str, pairs: Pairs) -> str:
    """An address of this site with names and values after it."""
    return f"{address}?{urlencode(list(pairs))}" if pairs else address
