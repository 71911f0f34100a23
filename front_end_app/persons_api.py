"""What the API does for somebody who is signed in: trainings, versions, the record.

Every method raises one of `errors.ApiError`, SignInNeeded among them, when it cannot return what it promises.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from .api_client import ApiClient, Download
from .members import mapping, text
from .people import Person
from .record import Record, read_record
from .trainings import Training, Trainings, read_training, read_trainings
from .versions import Health, Versions, read_health, read_versions

PAGE = 25
"""Trainings on a page of the list."""
ROWS = 50
"""Rows on a page of the record."""


class PersonsApi:
    """The API as `person` may use it."""

    def __init__(self, api: ApiClient, person: Person) -> None:
        self._api = api
        self._token = person.token

    def trainings(self, cursor: str) -> Trainings:
        """A page of the trainings, newest first."""
        return read_trainings(self._get("/training", {"limit": str(PAGE), **_given(cursor=cursor)}))

    def training(self, id: str) -> Training:
        """One of them, with its report when it is done; raises NotThere."""
        return read_training(self._get(f"/training/{quote(id, safe='')}"))

    def cancel(self, id: str) -> None:
        """Stop one; raises NotThere, or Conflict for one that has ended."""
        self._ask("DELETE", f"/training/{quote(id, safe='')}")

    def preview(self, asked: Mapping[str, str]) -> Any:
        """What a training would find; raises InputRefused."""
        return self._ask("POST", "/training/preview", patient=True, json=dict(asked))

    def preview_file(self, asked: Mapping[str, str], file_name: str, blocks: Iterable[bytes]) -> Any:
        """The same of a file that comes in `blocks`; it passes through, and the API keeps it a while."""
        boundary = secrets.token_hex(16)
        return self._ask(
            "POST",
            "/training/preview",
            patient=True,
            data=form_body(boundary, asked, file_name, blocks),
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )

    def start(self, asked: Mapping[str, str], key: str) -> str:
        """Start a training; returns its id. The same `key` again is the same training."""
        headers = {"Idempotency-Key": key} if key else None
        return text(mapping(self._ask("POST", "/training", json=dict(asked), headers=headers)), "id")

    def versions(self, name: str) -> Versions:
        """A model's versions; raises NotThere."""
        return read_versions(self._get(f"/models/{quote(name, safe='')}/versions"))

    def health(self, name: str) -> Health:
        """How good the version that answers is, and how much it has answered."""
        return read_health(self._get(f"/models/{quote(name, safe='')}/health"))

    def enable(self, name: str, version: str) -> str:
        """Let a version answer, "previous" the one before; returns which. Raises Conflict."""
        path = f"/models/{quote(name, safe='')}/enabled"
        return text(mapping(self._ask("PUT", path, json={"version": version})), "version")

    def record(self, model: str, cursor: str) -> Record:
        """A page of what was answered, of one model or of all."""
        params = {"limit": str(ROWS), **_given(model=model, cursor=cursor)}
        return read_record(self._get("/predictions", params))

    def record_csv(self, model: str) -> Download:
        """All of it as a CSV, as it comes."""
        return self._api.download_for_person(
            self._token, "/predictions", {"format": "csv", **_given(model=model)}
        )

    def _get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        return self._ask("GET", path, params=params)

    def _ask(self, method: str, path: str, *, patient: bool = False, **more: Any) -> Any:
        return self._api.for_person(self._token, method, path, patient=patient, **more)


def form_body(
    boundary: str, fields: Mapping[str, str], file_name: str, blocks: Iterable[bytes]
) -> Iterator[bytes]:
    """A form as a browser sends it, its file last and as it comes."""
    for name, value in fields.items():
        yield f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    plain = "".join("_" if one in '"\\' or not one.isprintable() else one for one in file_name)
    yield (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{plain}"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    ).encode()
    yield from blocks
    yield f"\r\n--{boundary}--\r\n".encode()


def _given(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
