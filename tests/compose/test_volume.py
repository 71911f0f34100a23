"""What outlives a container."""

from collections.abc import Iterator

import pytest

from tests.compose.curl import predict
from tests.compose.project import ComposeProject


@pytest.fixture
def fresh_volume(stack: ComposeProject) -> Iterator[ComposeProject]:
    """The services on a volume that only this test writes to."""
    stack.take_down()
    stack.up("--no-build")
    yield stack
    stack.take_down()


def version_that_answers(stack: ComposeProject) -> str:
    """The model version named in an answer."""
    return str(predict(stack.port("api")).json["version"])


def test_a_version_trained_in_the_container_outlives_it(fresh_volume: ComposeProject) -> None:
    """Version 2, trained inside, answers after a restart, and again from new containers."""
    fresh_volume.execute("api", "python", "-m", "api", "train", "iris")
    fresh_volume.run("restart")
    fresh_volume.up("--no-build")
    assert version_that_answers(fresh_volume) == "2"
    fresh_volume.run("down")
    fresh_volume.up("--no-build")
    assert version_that_answers(fresh_volume) == "2"


def test_credentials_from_the_environment_replace_the_sample_pair(stack: ComposeProject) -> None:
    """With API_USERNAME and API_PASSWORD set, both services use them and the sample pair is refused."""
    stack.with_settings(API_USERNAME="botanist", API_PASSWORD="a pair of one's own").up("--no-build")
    assert predict(stack.port("api")).status == 401
    assert predict(stack.port("api"), "botanist:a pair of one's own").status == 200
