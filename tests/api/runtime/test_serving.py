"""Which version answers, and what is never loaded."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path

import pytest

from api.errors import ModelUnavailable, RefusedVersion, UnknownModel, UnknownVersion
from api.registry.digests import file_digest
from api.registry.directory import CARD, ModelsDirectory
from api.runtime.serving import ServingModels


@pytest.fixture
def directory(models_dir: Path, tmp_path: Path) -> ModelsDirectory:
    """Two versions of iris of one's own, to be damaged."""
    shutil.copytree(models_dir, tmp_path / "models")
    directory = ModelsDirectory(tmp_path / "models")
    folder = directory.folder("iris", "1")
    directory.publish(
        directory.card("iris", "1"),
        {file: (folder / file).read_bytes() for file in directory.card("iris", "1").files},
    )
    return directory


def serving(directory: ModelsDirectory, chosen: dict[str, str] | None = None) -> ServingModels:
    """The models in memory, where `chosen` were enabled."""
    models = ServingModels(directory, chosen=lambda: chosen or {})
    models.refresh()
    return models


def rewrite(directory: ModelsDirectory, version: str, file: str, content: bytes) -> None:
    """Replace a file of a version and the digest on its card: a change that digests cannot see."""
    folder = directory.folder("iris", version)
    (folder / file).write_bytes(content)
    card = json.loads((folder / CARD).read_text())
    card["files"][file] = file_digest(folder / file)
    (folder / CARD).write_text(json.dumps(card))


def test_the_newest_version_answers(directory: ModelsDirectory, caplog: pytest.LogCaptureFixture) -> None:
    """Of two good versions the later one is in memory."""
    models = serving(directory)
    assert models.get("iris").card.version == "2"
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []
    assert models.not_ready() == []


def test_a_damaged_version_is_refused_and_the_one_before_answers(
    directory: ModelsDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    """Damage to the newest version costs nobody an answer."""
    (directory.folder("iris", "2") / "model.onnx").write_bytes(b"damaged")
    models = serving(directory)
    assert models.get("iris").card.version == "1"
    assert "model.onnx is not the file" in caplog.text


def test_a_compiled_model_that_is_cut_off_is_refused(
    directory: ModelsDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    """Half a model with a matching digest still does not load."""
    content = (directory.folder("iris", "2") / "model.onnx").read_bytes()
    rewrite(directory, "2", "model.onnx", content[: len(content) // 2])
    models = serving(directory)
    assert models.get("iris").card.version == "1"
    assert "does not load" in caplog.text


def test_a_model_that_no_longer_gives_its_own_answers_is_refused(
    directory: ModelsDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    """The canary catches a version whose answers changed though every digest fits."""
    canary = json.loads((directory.folder("iris", "2") / "canary.json").read_text())
    canary["classes"][0] = (canary["classes"][0] + 1) % 3
    rewrite(directory, "2", "canary.json", json.dumps(canary).encode())
    models = serving(directory)
    assert models.get("iris").card.version == "1"
    assert "no longer gives its own answers: 1 of" in caplog.text


def test_a_model_of_another_library_generation_is_refused(
    directory: ModelsDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    """A version proved under another major version of the runtime has to be trained again."""
    path = directory.folder("iris", "2") / CARD
    card = json.loads(path.read_text())
    card["libraries"]["onnxruntime"] = "0.9.0"
    path.write_text(json.dumps(card))
    models = serving(directory)
    assert models.get("iris").card.version == "1"
    assert "ONNX Runtime 0.9.0" in caplog.text


def test_a_model_without_a_good_version_is_unavailable(
    directory: ModelsDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    """With every version damaged the model is known, cannot answer, and the service is not ready."""
    for version in ("1", "2"):
        (directory.folder("iris", version) / "canary.json").unlink()
    models = serving(directory)
    with pytest.raises(ModelUnavailable):
        models.get("iris")
    assert models.not_ready() == ["iris: none of its versions could be loaded."]


def test_an_unknown_model_is_named_with_those_there_are(
    directory: ModelsDirectory, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong name is answered with the right ones."""
    models = serving(directory)
    with pytest.raises(UnknownModel, match="the models served are: iris"):
        models.get("rose")


def test_nothing_to_serve_is_not_ready(tmp_path: Path) -> None:
    """An empty directory is no error, and no readiness either."""
    models = serving(ModelsDirectory(tmp_path))
    assert models.not_ready() == ["There is no model to serve."]


def test_a_chosen_version_answers_and_newer_ones_wait(directory: ModelsDirectory) -> None:
    """Once somebody enabled a version, a newer one changes nothing until it is enabled."""
    assert serving(directory, chosen={"iris": "1"}).get("iris").card.version == "1"


def test_a_chosen_version_that_is_damaged_leaves_what_answers(directory: ModelsDirectory) -> None:
    """A choice that cannot be followed costs nobody an answer."""
    chosen = {"iris": "1"}
    models = ServingModels(directory, chosen=lambda: chosen)
    models.refresh()
    (directory.folder("iris", "2") / "model.onnx").write_bytes(b"damaged")
    chosen["iris"] = "2"
    models.refresh()
    assert models.get("iris").card.version == "1"


def test_another_version_answers_when_it_is_asked_for(directory: ModelsDirectory) -> None:
    """A version beside the enabled one is loaded on demand; an unknown one is named with those there are."""
    models = serving(directory)
    assert models.get("iris", "1").card.version == "1"
    assert models.get("iris").card.version == "2"
    with pytest.raises(UnknownVersion, match="its versions are: 1, 2"):
        models.get("iris", "3")


def test_a_refused_version_is_refused_by_name_too(directory: ModelsDirectory) -> None:
    """Asking for a damaged version says why it is refused, and mending it is noticed when it is checked."""
    path = directory.folder("iris", "2") / "model.onnx"
    content = path.read_bytes()
    path.write_bytes(b"damaged")
    models = serving(directory)
    with pytest.raises(RefusedVersion, match="is not the file"):
        models.get("iris", "2")
    path.write_bytes(content)
    models.check("iris", "2")


def test_changes_at_rest_are_followed(directory: ModelsDirectory) -> None:
    """A refresh takes up new versions and drops models that are gone."""
    models = serving(directory)
    directory.delete("iris", "2")
    models.refresh()
    assert models.get("iris").card.version == "1"
    directory.delete("iris", "1")
    models.refresh()
    assert models.names() == []
