"""One row's answer is written from a template, and is the JSON that it would be otherwise."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from tests.api.web.conftest import AUTH

ASKED = {
    "iris": "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2",
    "meadow": "rain=12.5&soil=clay&watered=true",
    "height": "age=3&light=4.5",
}


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_is_written_as_json_writes_it(garden: FlaskClient, name: str) -> None:
    """Blanks, quotes, numbers and the end of the line, of a classifier and of a regressor."""
    answer = garden.get(f"/api/v1.0/models/{name}/predict?{ASKED[name]}", auth=AUTH)
    assert list(answer.get_json()) == ["response", "id", "model", "version"]
    assert answer.data.decode() == json.dumps(answer.get_json()) + "\n"
