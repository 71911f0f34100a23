"""The document through the real server: valid, true of every route, and always of the models that answer."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.registry.directory import ModelsDirectory
from tests.services import DEADLINE, ROOT, Service, running_api

AUTH = ("ada", "secret")
SIGNED_IN = {"API_USERNAME": AUTH[0], "API_PASSWORD": AUTH[1]}
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
DEMANDS = ROOT / "tests" / "contract" / "schemathesis.toml"
# One seed, so that the same commit is always found good or always found bad.
OPTIONS = ("--auth", ":".join(AUTH), "--max-examples", "30", "--seed", "1", "--no-color")


@pytest.fixture
def garden(garden_dir: Path, jobs_dir: Path, tmp_path: Path) -> Iterator[Service]:
    """The API service on models of one's own of every kind, with which anything may be done."""
    models = shutil.copytree(garden_dir, tmp_path / "models")
    shutil.copytree(jobs_dir, models, dirs_exist_ok=True)
    # Callers that are not let in are a part of what is tried, thousands of times.
    settings = SIGNED_IN | {"SIGN_IN_FAILURES": "1000000", "DATA_DIR": str(tmp_path / "data")}
    with running_api(models, tmp_path, **settings) as service:
        yield service


def document(service: Service, **how: Any) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = requests.get(f"{service.url}/openapi.json", timeout=30, **how).json()
    return found


def test_the_document_is_valid(garden: Service) -> None:
    """openapi-spec-validator finds nothing against OpenAPI 3.1, and nobody has to sign in to read it."""
    found = document(garden)
    assert found["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(found).iter_errors()) == []


def test_every_operation_does_what_the_document_says(garden: Service, tmp_path: Path) -> None:
    """schemathesis makes up requests to every operation and finds no server error, no status, content type,
    header or body that the document does not tell of, and no way past the sign-in."""
    found = document(garden)
    # From a file, because schemathesis leaves the document's own address out when it is read from there.
    (tmp_path / "openapi.json").write_text(json.dumps(found), encoding="utf-8")
    ended = subprocess.run(
        [
            str(SCHEMATHESIS),
            "--config-file",
            str(DEMANDS),
            "run",
            "openapi.json",
            *OPTIONS,
            "--url",
            garden.url,
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=5 * DEADLINE,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:] + garden.log[-4000:]
    operations = sum(len(one.keys() - {"parameters"}) for one in found["paths"].values())
    assert f"Tested: {operations}\n" in ended.stdout


def test_a_promote_is_followed_at_once(garden: Service, tmp_path: Path) -> None:
    """The next document after a version is enabled is already that version's."""
    directory = ModelsDirectory(tmp_path / "models")
    card = directory.card("height", "1")
    folder = directory.folder("height", "1")
    other = replace(card, title="Height in the shade")
    directory.publish(other, {file: (folder / file).read_bytes() for file in card.files})
    for version, title in (("2", "Height in the shade"), ("1", card.title), ("2", "Height in the shade")):
        enabled = requests.put(
            f"{garden.url}/api/v1.0/models/height/enabled", json={"version": version}, auth=AUTH, timeout=30
        )
        assert enabled.status_code == 200
        operation = document(garden)["paths"]["/api/v1.0/models/height/predict"]["get"]
        assert operation["summary"].startswith(f"{title}: ")


def test_the_page_and_its_files_come_from_this_service(garden: Service) -> None:
    """Open to everybody, under a policy without exceptions; a file that a browser has is not sent again."""
    page = requests.get(f"{garden.url}/doc", timeout=30)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for file in ("doc.js", "swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"):
        assert f'"/doc/{file}"' in page.text
        first = requests.get(f"{garden.url}/doc/{file}", timeout=30)
        assert first.status_code == 200
        again = {"If-None-Match": first.headers["ETag"]}
        assert requests.get(f"{garden.url}/doc/{file}", headers=again, timeout=30).status_code == 304
    assert requests.get(f"{garden.url}/doc/../api/v1.0/models", timeout=30).status_code == 401
    assert requests.get(f"{garden.url}/doc/index.html", auth=AUTH, timeout=30).status_code == 404
