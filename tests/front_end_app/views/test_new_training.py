"""A new training: what it is trained from, what was found, and what cannot be."""

from __future__ import annotations

import io
import json
import re
from email import message_from_bytes

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ..fake_api import FakeApi, Received, Reply
from ..page import read_page
from ..samples import problem
from ..training_samples import COLUMNS, NAME, PASSWORD, TARGET, TrainingHouse
from .house import hidden, page_at, post, sign_in, texts, token_at

NEW, PREVIEW = "/training/new", "/training/preview"
ROWS = b"amount;returned\n12,5;no\n99,0;yes\n"
LINK = "https://data.invalid/orders.csv"


def look(
    client: FlaskClient, file: bytes | None = None, name: str = "orders.csv", **fields: str
) -> TestResponse:
    """Send the first step as a browser does: the file last, and an empty one where none was chosen."""
    given = {"csrf_token": token_at(client), **fields}
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in given.items()]
    chosen = name.replace('"', "%22") if file is not None else ""
    parts.append(
        f'Content-Disposition: form-data; name="file"; filename="{chosen}"\r\nContent-Type: text/csv\r\n\r\n'
    )
    body = "".join(f"--b\r\n{part}\r\n" for part in parts).encode().removesuffix(b"\r\n")
    body += (file or b"") + b"\r\n--b--\r\n"
    return client.post(PREVIEW, data=body, content_type="multipart/form-data; boundary=b")


def parts_of(request: Received) -> dict[str, tuple[str | None, bytes]]:
    """The parts of a form that the API got: each one's file name and content, in order."""
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    found = {}
    for part in message_from_bytes(head + request.body).walk():
        if part.get_content_maintype() != "multipart":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found[str(part.get_param("name", header="content-disposition"))] = (part.get_filename(), content)
    return found


def last(api: FakeApi, path: str) -> Received:
    """The last request to a path of the API."""
    return [request for request in api.received if request.path == f"/api/v1.0{path}"][-1]


def test_the_form_works_without_javascript(vita: FlaskClient) -> None:
    """It posts its fields before the file, in the one way that can be read as it comes."""
    page = page_at(vita, NEW)
    form = page.all("form")[-1]
    assert (form.get("method"), form.get("enctype"), form.get("action")) == (
        "post", "multipart/form-data", PREVIEW
    )  # fmt: skip
    names = [e.get("name") for e in page.elements if e.tag in ("input", "select") and e.get("name")]
    assert names[-1] == "file"
    assert {"csrf_token", "dataset", "model", "title", "target", "task", "metric"} <= set(names)


def test_a_model_s_name_may_stand_in_the_address(vita: FlaskClient) -> None:
    """For a new version of one that is there."""
    assert page_at(vita, f"{NEW}?model=orders").typed["model"] == "orders"


def test_a_file_passes_through_to_the_api(vita: FlaskClient, api: FakeApi) -> None:
    """Byte for byte and in chunks, after the fields that were filled in; its name goes with it."""
    response = look(vita, ROWS, "orders 2.csv", title="Orders", target="", metric="f1")
    assert response.status_code == 200
    request = last(api, PREVIEW)
    assert request.headers["Transfer-Encoding"] == "chunked"
    assert parts_of(request) == {
        "title": (None, b"Orders"),
        "metric": (None, b"f1"),
        "file": ("orders 2.csv", ROWS),
    }


def test_a_link_is_asked_for_as_json(vita: FlaskClient, api: FakeApi) -> None:
    """Without what was left empty."""
    assert look(vita, dataset=f" {LINK} ", model="orders").status_code == 200
    assert json.loads(last(api, PREVIEW).body) == {"dataset": LINK, "model": "orders"}


def test_what_was_found_is_shown_before_anything_starts(vita: FlaskClient, api: FakeApi) -> None:
    """How the file is written, each column with its kind and why it is left out, the target and why."""
    page = read_page(look(vita, ROWS).text)
    assert page.heading == "orders.csv"
    shown = " ".join(page.one("main").text.split())
    assert "1200 rows, 81 kB, cells separated by semicolons, in UTF-8, with decimal commas." in shown
    assert "5 columns, of which 2 are learnt from." in shown
    assert "It is the last column. no (1020 rows, 85 %); yes (180 rows, 15 %)." in shown
    rows = texts(page, "tr")
    assert rows[1] == "order_no identifier Left out Each row has another value. none A-0001, A-0002, A-0003"
    assert rows[2] == "amount number Yes 1.2 % 12.5, 99, 3.25"
    assert rows[5].startswith("returned yes or no To be predicted")
    assert [e.get("value") for e in page.all("option")] == [column["name"] for column in COLUMNS]
    assert [e.get("value") for e in page.all("option") if "selected" in e.attributes] == ["returned"]
    assert not [request for request in api.received if request.path == "/api/v1.0/training"]


def test_the_beginning_of_a_long_file_is_told_as_such(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """Its rows are not all of them."""
    training_house.found["whole"] = False
    shown = look(vita, ROWS).text
    assert "The first 1200 rows" in shown
    assert "the training looks at all of them" in shown


def test_a_file_need_not_be_sent_twice(vita: FlaskClient, api: FakeApi) -> None:
    """The API keeps it under a name, with which the training is started, to another target if one likes."""
    page = read_page(look(vita, ROWS, title="Orders").text)
    fields = hidden(page)
    assert {key: fields[key] for key in ("upload", "title")} == {
        "upload": "f00-orders.csv",
        "title": "Orders",
    }
    response = post(vita, "/training", **fields, target="amount")
    assert response.status_code == 303
    assert response.headers["Location"] == "/training/new"
    started = last(api, "/training")
    assert json.loads(started.body) == {"upload": "f00-orders.csv", "title": "Orders", "target": "amount"}
    assert started.headers["Idempotency-Key"] == fields["key"]


def test_each_page_starts_one_training(vita: FlaskClient) -> None:
    """A second click sends the same key, another page another."""
    keys = {hidden(read_page(look(vita, ROWS).text))["key"] for _ in range(2)}
    assert len(keys) == 2


def test_it_can_be_looked_at_again_with_another_target(vita: FlaskClient, api: FakeApi) -> None:
    """The file that is there is meant."""
    fields = hidden(read_page(look(vita, ROWS).text))
    response = post(vita, PREVIEW, **fields, target="country")
    assert response.status_code == 200
    assert json.loads(last(api, PREVIEW).body) == {"upload": "f00-orders.csv", "target": "country"}


def test_going_back_keeps_what_was_typed_and_the_file(vita: FlaskClient, api: FakeApi) -> None:
    """The form says that it is there; sent without another one, it is meant."""
    fields = hidden(read_page(look(vita, ROWS, title="Orders").text))
    page = read_page(post(vita, NEW, **fields, target="amount").text)
    assert page.typed["title"] == "Orders"
    assert "orders.csv is here already. Choose a file only to take another one." in texts(page, "p")
    assert look(vita, upload="f00-orders.csv", title="Orders").status_code == 200
    assert json.loads(last(api, PREVIEW).body)["upload"] == "f00-orders.csv"


@pytest.mark.parametrize(
    ("fields", "file", "sentence"),
    [
        ({}, None, "Choose a CSV file, or give a link to one."),
        ({"dataset": LINK}, ROWS, "Choose a file or give a link, not both."),
    ],
)
def test_one_source_has_to_be_given(
    vita: FlaskClient, fields: dict[str, str], file: bytes | None, sentence: str
) -> None:
    """Neither and both are refused, and what was typed is kept."""
    response = look(vita, file, title="Orders", **fields)
    assert response.status_code == 400
    page = read_page(response.text)
    assert page.title.startswith("Error:")
    assert sentence in texts(page, "li")
    assert page.typed["title"] == "Orders"


def test_an_empty_file_is_the_api_s_to_judge(vita: FlaskClient, api: FakeApi) -> None:
    """It was chosen all the same."""
    assert look(vita, b"", "nothing.csv").status_code == 200
    assert parts_of(last(api, PREVIEW))["file"] == ("nothing.csv", b"")


@pytest.mark.parametrize("status", [400, 422])
def test_what_the_api_complains_of_stands_beside_its_field(
    vita: FlaskClient, training_house: TrainingHouse, status: int
) -> None:
    """All problems at once, in its words."""
    errors = [
        {"pointer": "#/model", "detail": "model must be a <name>."},
        {"pointer": "#/metric", "detail": "metric must be one of those."},
    ]
    training_house.refuses["POST", PREVIEW] = problem(status, "No", errors)
    response = look(vita, ROWS, model="Or ders")
    assert response.status_code == 400
    page = read_page(response.text)
    assert texts(page, "li")[-2:] == [error["detail"] for error in errors]
    assert page.one("p", id="model-error").text.endswith("model must be a <name>.")
    assert page.typed["model"] == "Or ders"
    assert "open" in page.one("details").attributes


def test_a_file_that_cannot_be_read_is_explained(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """By rows where the API names some, else by its sentence."""
    row = {"row": 17, "column": "amount", "detail": "This is no number."}
    training_house.refuses["POST", PREVIEW] = Reply(422, {"message": "No.", "errors": [row]})
    assert "Row 17, amount: This is no number." in texts(read_page(look(vita, ROWS).text), "li")
    training_house.refuses["POST", PREVIEW] = Reply(422, {"message": "The file has one column only."})
    assert "The file has one column only." in texts(read_page(look(vita, ROWS).text), "li")


@pytest.mark.parametrize("status", [413, 507])
def test_a_file_that_finds_no_room_is_explained(
    vita: FlaskClient, training_house: TrainingHouse, status: int
) -> None:
    """In the API's sentence, on the form."""
    training_house.refuses["POST", PREVIEW] = Reply(status, {"detail": "The file is longer than 2048 MB."})
    response = look(vita, ROWS)
    assert response.status_code == 400
    assert "The file is longer than 2048 MB." in texts(read_page(response.text), "li")


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        (Reply(503, {}, (("Retry-After", "5"),)), 503, "too much to do"),
        (Reply(500, {}), 502, "could not be read"),
        (Reply(403, {"detail": "This needs the role train."}), 403, "This needs the role train."),
    ],
)
def test_an_api_that_does_not_look(
    vita: FlaskClient, training_house: TrainingHouse, reply: Reply, status: int, words: str
) -> None:
    """A page of the house that leads back to the trainings."""
    training_house.refuses["POST", PREVIEW] = reply
    response = look(vita, ROWS)
    assert response.status_code == status
    assert words in response.text
    assert read_page(response.text).one("a", **{"class": "button"}).get("href") == "/training"


def test_a_training_that_is_refused_leads_back_to_the_form(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """With the reason, and with what was typed."""
    gone = {"pointer": "#/upload", "detail": "There is no such uploaded file."}
    training_house.refuses["POST", "/training"] = problem(400, "No", [gone])
    response = post(vita, "/training", upload="f00-orders.csv", title="Orders")
    assert response.status_code == 400
    page = read_page(response.text)
    assert gone["detail"] in texts(page, "li")
    assert page.typed["title"] == "Orders"


def test_who_may_not_train_is_told_before(client: FlaskClient, training_house: TrainingHouse) -> None:
    """On the form and beside what was found, where the button to start is missing."""
    training_house.role = "predict"
    sign_in(client)
    assert "You may look, but not train" in texts(page_at(client, NEW), "h2")
    found = read_page(look(client, ROWS).text)
    assert "Start the training" not in texts(found, "button")


def test_signing_in_again_happens_in_the_form(
    vita: FlaskClient, training_house: TrainingHouse, api: FakeApi
) -> None:
    """The fields for it come before the file; what was typed is there, and the next try goes through."""
    training_house.revoked = True
    response = look(vita, ROWS, title="Orders", metric="auc")
    assert response.status_code == 401
    page = read_page(response.text)
    assert page.typed["title"] == "Orders"
    assert page.one("input", name="sign_in_name").get("value") == NAME
    names = [e.get("name") for e in page.all("input")]
    assert names.index("sign_in_password") < names.index("file")
    assert look(vita, ROWS, sign_in_name=NAME, sign_in_password="wrong").status_code == 401
    again = look(vita, ROWS, title="Orders", sign_in_name=NAME, sign_in_password=PASSWORD)
    assert again.status_code == 200
    assert set(parts_of(last(api, PREVIEW))) == {"title", "file"}


def test_nobody_s_file_goes_nowhere(client: FlaskClient, training_house: TrainingHouse, api: FakeApi) -> None:
    """Who is not signed in, or has no token of this session, cannot send one on."""
    data = {"csrf_token": token_at(client), "file": (io.BytesIO(ROWS), "a.csv")}
    assert client.post(PREVIEW, data=data).status_code == 401
    data = {"csrf_token": "made up", "file": (io.BytesIO(ROWS), "a.csv")}
    assert client.post(PREVIEW, data=data).status_code == 403
    assert not [request for request in api.received if request.path.endswith("/preview")]


@pytest.mark.parametrize(
    "address", ["/training", PREVIEW, NEW, "/training/done/cancel", "/models/orders/enabled", "/sign-out"]
)
def test_no_form_is_taken_from_elsewhere(vita: FlaskClient, address: str) -> None:
    """Without this session's token, and from another site with it."""
    assert vita.post(address, data={"version": "1"}).status_code == 403
    data = {"version": "1", "csrf_token": token_at(vita)}
    assert vita.post(address, data=data, headers={"Origin": "http://elsewhere.invalid"}).status_code == 403


def test_the_second_step_has_no_address_of_its_own(vita: FlaskClient) -> None:
    """Who loads it anew is at the first one."""
    assert vita.get(PREVIEW).headers["Location"] == NEW


def test_a_target_that_was_not_found_has_to_be_chosen(
    vita: FlaskClient, training_house: TrainingHouse
) -> None:
    """Nothing is chosen beforehand."""
    training_house.found["target"] = None
    page = read_page(look(vita, ROWS).text)
    assert page.all("option")[0].text == "Choose…"


def test_hostile_names_stay_text(vita: FlaskClient, training_house: TrainingHouse) -> None:
    """Of columns, values and files."""
    evil = '"><script>x</script>'
    training_house.found["columns"] = [{"name": evil, "kind": evil, "why": evil, "examples": [evil]}]
    training_house.found["target"] = {**TARGET, "why": evil}
    response = look(vita, ROWS, "<b>.csv", title=evil)
    assert response.status_code == 200
    assert not re.search(r"<script>x|<b>\.csv", response.text)
    assert hidden(read_page(response.text))["title"] == evil
