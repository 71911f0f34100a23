"""A browser without JavaScript before a house that trains."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ..page import Page, read_page
from ..training_samples import NAME, PASSWORD

SIGN_IN = "/sign-in"


def token_at(client: FlaskClient, address: str = SIGN_IN) -> str:
    """The form token that a page hands out."""
    return read_page(client.get(address).text).all("input", name="csrf_token")[0].attributes["value"]


def sign_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> TestResponse:
    """Sign in with the form."""
    data = {"csrf_token": token_at(client), "sign_in_name": NAME, "sign_in_password": password, **more}
    return client.post(SIGN_IN, data=data)


def post(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Send a small form to an address, with this session's token."""
    return client.post(address, data={"csrf_token": token_at(client), **fields})


def page_at(client: FlaskClient, address: str, status: int = 200) -> Page:
    """The page at an address, which must answer with that status."""
    response = client.get(address)
    assert response.status_code == status, response.text
    return read_page(response.text)


def texts(page: Page, tag: str) -> list[str]:
    """What stands in each element of a tag, without the space around it."""
    return [" ".join(element.text.split()) for element in page.all(tag)]


def hidden(page: Page) -> dict[str, str]:
    """The hidden fields of all forms of a page, but for their tokens."""
    fields = page.all("input", type="hidden")
    return {e.attributes["name"]: e.attributes["value"] for e in fields if e.get("name") != "csrf_token"}
