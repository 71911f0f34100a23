"""What a newcomer sees after `docker-compose up`."""

from datetime import datetime

from tests.compose.conftest import FirstStart
from tests.compose.curl import curl, predict
from tests.compose.project import ComposeProject

SETOSA = "sepal_length=5.1&sepal_width=3.5&petal_length=1.4&petal_width=0.2"
PROBABILITIES = ("prob_setosa", "prob_versicolour", "prob_virginica")


def test_the_curl_of_the_readme_is_answered(stack: ComposeProject) -> None:
    """The documented curl gets 200 and the documented shape through the published port."""
    answer = predict(stack.port("api"))
    assert answer.status == 200
    response = answer.json["response"]
    assert set(response) == {"predicted_species", *PROBABILITIES}
    assert response["predicted_species"].startswith("Iris-")
    assert abs(sum(response[name] for name in PROBABILITIES) - 1) < 1e-6
    assert (answer.json["model"], answer.json["version"]) == ("iris", "1")
    assert answer.json["id"]


def test_without_credentials_the_answer_is_401(stack: ComposeProject) -> None:
    """The published API tells a stranger how to sign in, and nothing else."""
    answer = curl(f"http://127.0.0.1:{stack.port('api')}/api/v1.0?{SETOSA}")
    assert answer.status == 401
    assert answer.json["message"] == "Unauthorized access"
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_the_log_warns_of_the_sample_password(stack: ComposeProject) -> None:
    """Who starts with the password from the README is told so, in one line."""
    assert sum("the password is the sample one" in line for line in stack.log_lines("api")) >= 1


def test_the_form_is_drawn_from_what_the_api_says(stack: ComposeProject) -> None:
    """The front page has the model's own four fields, which only the API knows."""
    page = curl(f"http://127.0.0.1:{stack.port('front_end_app')}/")
    assert page.status == 200
    for field in ("sepal_length", "sepal_width", "petal_length", "petal_width"):
        assert f'name="{field}"' in page.body


def test_a_prediction_has_a_page_of_its_own(stack: ComposeProject) -> None:
    """The front end reaches the API over the network and shows the species."""
    page = curl(f"http://127.0.0.1:{stack.port('front_end_app')}/prediction?{SETOSA}")
    assert page.status == 200
    assert "Iris-Setosa" in page.body


def test_the_api_is_healthy_before_the_front_end_starts(first_start: FirstStart) -> None:
    """By the engine's own record, a health check of the API had passed when the front end started."""
    checks = first_start.inspected["api"]["State"]["Health"]["Log"]
    passed = [datetime.fromisoformat(check["End"]) for check in checks if check["ExitCode"] == 0]
    started = datetime.fromisoformat(first_start.inspected["front_end_app"]["State"]["StartedAt"])
    assert passed
    assert min(passed) < started


def test_the_compose_file_is_read_without_a_warning(stack: ComposeProject) -> None:
    """Compose finds nothing obsolete or unknown in the file."""
    read = stack.attempt("config", "--quiet")
    assert (read.returncode, read.stdout, read.stderr) == (0, "", "")
