"""The headers that protect who uses the pages."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from .page import read_page

ADDRESSES = [
    "/",
    "/prediction",
    "/prediction?a=1",
    "/nowhere",
    "/healthz",
    "/favicon.ico",
    "/models",
    "/models/iris",
    "/models/iris/about",
    "/models/iris/csv",
    "/models/iris/example.csv",
    "/models/nothing",
    "/wrong_data_type",
]
OF_A_MODEL = ("/models/iris", "/models/iris/csv", "/models/iris/about")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_is_protected(client: FlaskClient, address: str) -> None:
    """Pages, redirects, errors and files alike."""
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for part in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/", "/prediction?sepal_length=5.1", "/nowhere", "/healthz"])
def test_pages_are_not_stored(client: FlaskClient, address: str) -> None:
    """They hold what people entered."""
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_files_are_kept_under_an_address_that_changes_with_them(client: FlaskClient) -> None:
    """For a year under the digest of their content, and not at all under another."""
    address = read_page(client.get("/").text).all("link", rel="stylesheet")[0].attributes["href"]
    assert re.fullmatch(r"/static/[0-9a-f]{16}/style\.css", address)
    kept = client.get(address)
    assert kept.mimetype == "text/css"
    assert "immutable" in kept.headers["Cache-Control"]
    other = client.get("/static/0000/style.css")
    assert other.data == kept.data
    assert other.headers["Cache-Control"] == "no-cache"


def test_the_icon_is_where_browsers_look_for_it(client: FlaskClient) -> None:
    """So that no page has an error in the browser's console."""
    response = client.get("/favicon.ico")
    assert (response.status_code, response.mimetype) == (200, "image/svg+xml")


def test_no_page_refers_to_another_site(client: FlaskClient) -> None:
    """Every address on every page is one of this site's own."""
    for address in ("/", "/prediction?sepal_length=5.1", "/nowhere", "/models", *OF_A_MODEL):
        for element in read_page(client.get(address).text).elements:
            for attribute in ("href", "src", "action", "srcset"):
                assert (element.get(attribute) or "/")[0] in "/#"
                assert not (element.get(attribute) or "").startswith("//")


def test_no_page_has_anything_inline(client: FlaskClient) -> None:
    """No style, no script, no handler: the policy would block it."""
    for address in ("/prediction?sepal_length=5.1", "/models", *OF_A_MODEL):
        for element in read_page(client.get(address).text).elements:
            assert element.tag != "style"
            assert element.tag != "script" or element.text == ""
            assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
