"""The documentation: what it lists is there, and what is there is listed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from flask import Flask

import api.config
import front_end_app.config
from api.bootstrap.serving import build_app
from api.web.draining import Draining
from tests.services import DEADLINE, ROOT, running_api

README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
CURL, OUTPUT = next(
    (block, BLOCKS[place + 1]) for place, block in enumerate(BLOCKS) if block.startswith("curl -i")
)
SAMPLE = {"API_USERNAME": "my_username", "API_PASSWORD": "my_password"}


@pytest.fixture(scope="module")
def rules(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The API's routes, as `/api/v1.0/models/<name>`."""
    data_dir = str(tmp_path_factory.mktemp("data"))
    settings = api.config.read_settings(SAMPLE | {"MODELS_DIR": str(models_dir), "DATA_DIR": data_dir})
    app: Flask = build_app(settings, Draining())
    return {rule.rule.replace("<path:", "<") for rule in app.url_map.iter_rules()}


def settings_rows(heading: str) -> list[tuple[str, str, str]]:
    """The rows of the table under a heading of the settings page: name, default, meaning."""
    section = SETTINGS.split(f"## {heading}")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", section, re.MULTILINE)


def documented(setting: api.config.Setting | front_end_app.config.Setting) -> tuple[str, str, str]:
    """The row that a setting should have; one without a default is `required` or `none`."""
    required = setting.name in SAMPLE
    default = f"`{setting.default}`" if setting.default else "required" if required else "none"
    return setting.name, default, setting.help


@pytest.mark.parametrize(
    ("heading", "table"),
    [("The API service", api.config.TABLE), ("The front end", front_end_app.config.TABLE)],
)
def test_every_setting_is_documented(
    heading: str, table: tuple[api.config.Setting | front_end_app.config.Setting, ...]
) -> None:
    """The settings page lists each service's table: every name, default and meaning, in order."""
    assert settings_rows(heading) == [documented(setting) for setting in table]


def test_every_route_of_the_readme_exists(rules: set[str]) -> None:
    """Each path in the README's table of routes is answered."""
    table = README.split("## What the API answers")[1].split("\n## ")[0]
    listed = {path.split("?")[0] for path in re.findall(r"`(?:GET|POST|PUT|DELETE) ([^`]+)`", table)}
    assert len(listed) >= 10
    assert listed <= rules


def test_every_path_of_the_readme_exists() -> None:
    """Each folder in 'Where things live', and each file that is linked, is there."""
    folders = re.findall(r"^\| `(\w+/)` \|", README, re.MULTILINE)
    links = re.findall(r"\]\(([\w./]+)\)", README)
    assert len(folders) >= 4
    assert [path for path in [*folders, *links] if not (ROOT / path).exists() and path != "data/"] == []


def test_every_command_of_the_readme_exists() -> None:
    """Each `make` target in the README is one of the Makefile's."""
    targets = set(re.findall(r"make (\w+)\b(?=[`\n])", README))
    defined = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "check"} <= targets
    assert targets <= defined


def test_the_readme_s_curl_gives_the_readme_s_output(models_dir: Path, tmp_path: Path) -> None:
    """The command is run as printed, but for the port, and answers what is printed, but for the id."""
    with running_api(models_dir, tmp_path, **SAMPLE) as service:
        command = shlex.split(CURL.replace("localhost:8000", service.url.removeprefix("http://")))
        ended = subprocess.run(
            [*command, "--silent"], capture_output=True, text=True, timeout=DEADLINE, check=True
        )
    printed, _, printed_body = OUTPUT.partition("\n\n")
    head, _, body = ended.stdout.replace("\r", "").partition("\n\n")
    assert [line for line in printed.splitlines() if line not in head.splitlines()] == []
    answer, expected = json.loads(body), json.loads(printed_body)
    # Another processor may round the last digit otherwise.
    assert answer.pop("response") == pytest.approx(expected.pop("response"), abs=1e-6)
    assert answer | {"id": ""} == expected | {"id": ""}
