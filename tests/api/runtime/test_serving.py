"""Which version answers, and what is never loaded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from api.errors import ModelUnavailable, RefusedVersion, UnknownModel
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


def serving(directory: ModelsDirectory) -> tuple[ServingModels, list[RefusedVersion]]:
    """The models in memory, and what was refused on the way."""
    refusals: list[RefusedVersion] = []
    models = ServingModels(directory, refused=refusals.append)
    models.load_all()
    return models, refusals


def rewrite(directory: ModelsDirectory, version: str, file: str, content: bytes) -> None:
    """Replace a file of a version and the digest on its card: a change that digests cannot see."""
    folder = directory.folder("iris", version)
    (folder / file).write_bytes(content)
    card = json.loads((folder / CARD).read_text())
    card["files"][file] = file_digest(folder / file)
    (folder / CARD).write_text(json.dumps(card))


def test_the_newest_version_answers(directory: ModelsDirectory) -> None:
    """Of two good versions the later one is in memory."""
    models, refusals = serving(directory)
    assert models.get("iris").card.version == "2"
    assert refusals == []
    assert models.not_ready() == []


def test_a_damaged_version_is_refused_and_the_one_before_answers(directory: ModelsDirectory) -> None:
    """Damage to the newest version costs nobody an answer."""
    (directory.folder("iris", "2") / "model.onnx").write_bytes(b"damaged")
    models, refusals = serving(directory)
    assert models.get("iris").card.version == "1"
    assert "model.onnx is not the file" in str(refusals[0])


def test_a_compiled_model_that_is_cut_off_is_refused(directory: ModelsDirectory) -> None:
    """Half a model with a matching digest still does not load."""
    content = (directory.folder("iris", "2") / "model.onnx").read_bytes()
    rewrite(directory, "2", "model.onnx", content[: len(content) // 2])
    models, refusals = serving(directory)
    assert models.get("iris").card.version == "1"
    assert "does not load" in str(refusals[0])


def test_a_model_that_no_longer_gives_its_own_answers_is_refused(directory: ModelsDirectory) -> None:
    """The canary catches a version whose answers changed though every digest fits."""
    canary = json.loads((directory.folder("iris", "2") / "canary.json").read_text())
    canary["classes"][0] = (canary["classes"][0] + 1) % 3
    rewrite(directory, "2", "canary.json", json.dumps(canary).encode())
    models, refusals = serving(directory)
    assert models.get("iris").card.version == "1"
    assert "no longer gives its own answers: 1 of" in str(refusals[0])


def test_a_model_of_another_library_generation_is_refused(directory: ModelsDirectory) -> None:
    """A version proved under another major version of the runtime has to be trained again."""
    path = directory.folder("iris", "2") / CARD
    card = json.loads(path.read_text())
    card["libraries"]["onnxruntime"] = "0.9.0"
    path.write_text(json.dumps(card))
    models, refusals = serving(directory)
    assert models.get("iris").card.version == "1"
    assert "ONNX Runtime 0.9.0" in str(refusals[0])


def test_a_model_without_a_good_version_is_unavailable(directory: ModelsDirectory) -> None:
    """With every version damaged the model is known, cannot answer, and the service is not ready."""
    for version in ("1", "2"):
        (directory.folder("iris", version) / "canary.json").unlink()
    models, refusals = serving(directory)
    assert len(refusals) == 2
    with pytest.raises(ModelUnavailable):
        models.get("iris")
    assert models.not_ready() == ["iris: none of its versions could be loaded."]


def test_an_unknown_model_is_named_with_those_there_are(directory: ModelsDirectory) -> None:
    """A wrong name is answered with the right ones."""
    models, _ = serving(directory)
    with pytest.raises(UnknownModel, match="the models served are: iris"):
        models.get("rose")


def test_nothing_to_serve_is_not_ready(tmp_path: Path) -> None:
    """An empty directory is no error, and no readiness either."""
    models, _ = serving(ModelsDirectory(tmp_path))
    assert models.not_ready() == ["There is no model to serve."]
