"""How the images are made."""

import os

import pytest

from tests.compose.project import PORTS, ComposeProject, output_of


@pytest.mark.parametrize("service", sorted(PORTS))
def test_buildkit_builds_the_image(stack: ComposeProject, service: str) -> None:
    """The Dockerfiles suit BuildKit, as Compose 2 uses it, as well as the builder of Compose 1."""
    environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
    tag = f"{stack.name}-by-buildkit:{service}"
    try:
        output_of(["docker", "build", "--quiet", "--tag", tag, f"./{service}"], environment, patience=900)
        made = output_of(["docker", "image", "inspect", "--format", "{{json .Config.Entrypoint}}", tag])
    finally:
        output_of(["docker", "image", "rm", "--force", tag])
    assert made.strip() == f'["python","-m","{service}"]'
