"""The models directory: `<name>/<version>/` with a card in each, on a disk or a mounted bucket."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from api.errors import NotWritable, RefusedVersion
from api.registry.card import Card, card_from_json, card_to_json
from api.registry.digests import digest_of, file_digest

CARD = "card.json"

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


def is_name(text: str) -> bool:
    """Whether a model may be called that: lower-case letters, digits, _ and -, a letter first."""
    return _NAME.fullmatch(text) is not None


class ModelsDirectory:
    """The versions of the models at rest under `path`, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """The models that have at least one version, in alphabetical order."""
        return [
            one.name for one in _folders(self.path) if _NAME.fullmatch(one.name) and self.versions(one.name)
        ]

    def versions(self, name: str) -> list[str]:
        """The versions of `name` that have a card, oldest first; none for an unknown name."""
        numbers = (
            int(one.name) for one in _folders(self.path / name) if one.name.isascii() and one.name.isdigit()
        )
        return [
            str(number) for number in sorted(numbers) if (self.folder(name, str(number)) / CARD).is_file()
        ]

    def folder(self, name: str, version: str) -> Path:
        """Where the files of a version are."""
        return self.path / name / version

    def card(self, name: str, version: str) -> Card:
        """The card of a version.

        Raises RefusedVersion where it cannot be read, or is the card of something else.
        """
        try:
            card = card_from_json(json.loads((self.folder(name, version) / CARD).read_bytes()))
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise RefusedVersion(name, version, f"its card cannot be read ({error!r}).") from error
        if (card.name, card.version) != (name, version):
            raise RefusedVersion(name, version, f"its card is that of {card.name} version {card.version}.")
        return card

    def verify(self, card: Card) -> None:
        """Compare every file of a version with the digest on its card.

        Raises RefusedVersion for a file that is missing, altered, or not a plain name.
        """
        folder = self.folder(card.name, card.version)
        for file, expected in card.files.items():
            if Path(file).name != file:
                raise RefusedVersion(card.name, card.version, f"its card names a file outside it, {file!r}.")
            try:
                actual = file_digest(folder / file)
            except OSError as error:
                raise RefusedVersion(card.name, card.version, f"{file} cannot be read ({error}).") from error
            if actual != expected:
                raise RefusedVersion(
                    card.name, card.version, f"{file} is not the file its card was written for."
                )

    def publish(self, card: Card, files: Mapping[str, bytes]) -> Card:
        """Write the next version of `card.name`; the card, last of all, makes it exist.

        Returns the card with its version and digests. Raises OSError where the directory cannot be written;
        what is left then has no card and so is no version.
        """
        if not _NAME.fullmatch(card.name):
            raise ValueError(f"{card.name!r} is no model name: use lower-case letters, digits, _ and -")
        version = self._claim(card.name)
        folder = self.folder(card.name, version)
        for file, content in files.items():
            _write(folder / file, content)
        digests = {file: digest_of(content) for file, content in files.items()}
        published = replace(card, version=version, files=digests)
        text = json.dumps(card_to_json(published), indent=2, allow_nan=False) + "\n"
        # A file's rename is safe on every kind of storage; a folder's is not, so none is made.
        aside = folder / f"{CARD}.part"
        _write(aside, text.encode())
        aside.replace(folder / CARD)
        return published

    def delete(self, name: str, version: str) -> None:
        """Delete a version; its card goes first, so that what is cut short is no version either.

        Raises NotWritable where the directory cannot be written.
        """
        folder = self.folder(name, version)
        try:
            (folder / CARD).unlink()
            shutil.rmtree(folder)
        except OSError as error:
            raise NotWritable(error.strerror or str(error)) from error

    def adopt_missing(self, other: ModelsDirectory) -> list[str]:
        """Copy the newest version of each model that is only in `other`; returns the names copied.

        A model that is here already is left as it is, whatever `other` holds of it.
        """
        adopted = [name for name in other.names() if not self.versions(name)]
        for name in adopted:
            version = other.versions(name)[-1]
            card = other.card(name, version)
            other.verify(card)
            folder = other.folder(name, version)
            self.publish(card, {file: (folder / file).read_bytes() for file in card.files})
        return adopted

    def _claim(self, name: str) -> str:
        """Make the folder of the next version; making it is what claims the number among writers."""
        (self.path / name).mkdir(parents=True, exist_ok=True)
        number = 1 + max(
            (int(one.name) for one in _folders(self.path / name) if one.name.isdigit()), default=0
        )
        while True:
            try:
                self.folder(name, str(number)).mkdir()
            except FileExistsError:
                number += 1
            else:
                return str(number)


def _folders(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    return sorted(one for one in path.iterdir() if one.is_dir())


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
