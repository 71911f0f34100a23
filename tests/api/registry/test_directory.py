"""The models directory: what is published is found again, and what was altered is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.errors import RefusedVersion
from api.registry.card import Card
from api.registry.directory import CARD, ModelsDirectory


@pytest.fixture
def draft(models_dir: Path) -> Card:
    """A card to publish."""
    return ModelsDirectory(models_dir).card("iris", "1")


@pytest.fixture
def directory(tmp_path: Path, draft: Card) -> ModelsDirectory:
    """A directory with version 1 of a model of one file."""
    directory = ModelsDirectory(tmp_path / "models")
    directory.publish(draft, {"model.onnx": b"bytes"})
    return directory


def test_an_empty_or_absent_directory_has_no_models(tmp_path: Path) -> None:
    """Nothing needs to be there before the first model is."""
    assert ModelsDirectory(tmp_path / "absent").names() == []


def test_versions_are_numbered_as_they_are_published(directory: ModelsDirectory, draft: Card) -> None:
    """Each publication makes the next version, ordered as numbers are."""
    for _ in range(10):
        directory.publish(draft, {"model.onnx": b"other"})
    assert directory.versions("iris") == [str(number) for number in range(1, 12)]
    assert directory.card("iris", "11").version == "11"


def test_a_version_without_a_card_does_not_exist(directory: ModelsDirectory, draft: Card) -> None:
    """A publication that was cut short leaves nothing to serve, and its number is not used again."""
    (directory.path / "iris" / "2").mkdir()
    (directory.path / "iris" / "2" / "model.onnx").write_bytes(b"half")
    assert directory.versions("iris") == ["1"]
    assert directory.publish(draft, {}).version == "3"


def test_an_untouched_version_verifies(directory: ModelsDirectory) -> None:
    """What was published is what its card says."""
    directory.verify(directory.card("iris", "1"))


def test_an_altered_file_is_refused(directory: ModelsDirectory) -> None:
    """One byte more in a file, and the version is refused by that file's name."""
    path = directory.folder("iris", "1") / "model.onnx"
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(RefusedVersion, match=r"model\.onnx is not the file"):
        directory.verify(directory.card("iris", "1"))


def test_a_missing_file_is_refused(directory: ModelsDirectory) -> None:
    """A file that is gone is named."""
    (directory.folder("iris", "1") / "model.onnx").unlink()
    with pytest.raises(RefusedVersion, match=r"model\.onnx cannot be read"):
        directory.verify(directory.card("iris", "1"))


def test_a_card_that_names_a_file_elsewhere_is_refused(directory: ModelsDirectory) -> None:
    """A card cannot make the service read outside its own version."""
    path = directory.folder("iris", "1") / CARD
    card = json.loads(path.read_text())
    card["files"] = {"../../../etc/passwd": "sha256:0"}
    path.write_text(json.dumps(card))
    with pytest.raises(RefusedVersion, match="names a file outside it"):
        directory.verify(directory.card("iris", "1"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "iris"}'])
def test_a_card_that_is_none_is_refused(directory: ModelsDirectory, text: str) -> None:
    """A damaged card is a refused version and nothing worse."""
    (directory.folder("iris", "1") / CARD).write_text(text)
    with pytest.raises(RefusedVersion, match="its card cannot be read"):
        directory.card("iris", "1")


def test_a_card_of_another_version_is_refused(directory: ModelsDirectory) -> None:
    """A folder that was copied by hand under another number does not pass as that version."""
    (directory.path / "iris" / "2").mkdir()
    (directory.path / "iris" / "2" / CARD).write_text((directory.folder("iris", "1") / CARD).read_text())
    with pytest.raises(RefusedVersion, match="that of iris version 1"):
        directory.card("iris", "2")


def test_missing_models_are_adopted_and_present_ones_left(directory: ModelsDirectory, tmp_path: Path) -> None:
    """A bundled model is copied once, and never over one that is there."""
    mine = ModelsDirectory(tmp_path / "mine")
    assert mine.adopt_missing(directory) == ["iris"]
    mine.verify(mine.card("iris", "1"))
    assert mine.adopt_missing(directory) == []
    assert mine.versions("iris") == ["1"]
