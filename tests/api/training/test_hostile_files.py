"""Files made to harm: each is refused with a sentence, and nothing in it is run."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
import skops.io
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from api.errors import RefusedVersion, UnreadableModel, UntrustedTypes
from api.registry.card import Runtime
from api.registry.digests import digest_of
from api.registry.directory import CARD, ModelsDirectory
from api.runtime.load import load
from api.training.choose import Chooser
from api.training.import_model import Brought, import_model, take_in

MADE: list[str] = []


class Strange(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """A transformer that nobody has heard of, and that notes when one of it is made."""

    def __new__(cls, *arguments: Any) -> Strange:
        MADE.append("made")
        made: Strange = super().__new__(cls)
        return made

    def fit(self, features: Any, truth: Any = None) -> Strange:
        """Learn nothing."""
        self.n_features_in_ = features.shape[1]
        return self

    def transform(self, features: Any) -> Any:
        """Change nothing."""
        return features


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return (Path.touch, (self.path,))


def bring(file: Path, models: Path, trusted: tuple[str, ...] = (), **more: Any) -> None:
    """Import a file under the name of a flower."""
    import_model(Brought(file, "rose", **more), ModelsDirectory(models), lambda step: None, trusted)


@pytest.mark.parametrize("suffix", [".pkl", ".joblib", ".pickle", ".skops", ".onnx"])
def test_a_pickle_is_not_read_without_leave(suffix: str, tmp_path: Path) -> None:
    """Whatever it is called, a pickle that runs code does not run it."""
    harm = tmp_path / "harm"
    file = tmp_path / f"model{suffix}"
    file.write_bytes(pickle.dumps(Bomb(harm)))
    with pytest.raises(UnreadableModel):
        bring(file, tmp_path / "models")
    assert not harm.exists()


def test_leave_to_read_a_pickle_is_asked_for_by_name(tmp_path: Path) -> None:
    """The refusal says what reading a pickle means, and which flag gives leave."""
    file = tmp_path / "model.pkl"
    file.write_bytes(pickle.dumps(Bomb(tmp_path / "harm")))
    with pytest.raises(UnreadableModel, match=r"runs whatever it holds.*--trust-pickle"):
        bring(file, tmp_path / "models")


def test_a_pickle_that_is_no_model_is_refused_even_with_leave(tmp_path: Path) -> None:
    """What a trusted pickle holds still has to be a model, and the process that read it is gone."""
    file = tmp_path / "model.pkl"
    file.write_bytes(pickle.dumps(["not", "a", "model"]))
    with pytest.raises(UnreadableModel, match="neither a classifier nor a regressor"):
        bring(file, tmp_path / "models", trust_pickle=True)
    file.write_bytes(b"\x80\x04 not a pickle at all")
    with pytest.raises(UnreadableModel, match=r"model\.pkl is refused: it cannot be read"):
        bring(file, tmp_path / "models", trust_pickle=True)


def strange_file(path: Path) -> None:
    """A skops file with a type that is on nobody's list."""
    features, truth = load_iris(return_X_y=True)
    skops.io.dump(make_pipeline(Strange(), LogisticRegression(max_iter=200)).fit(features, truth), path)


def test_an_untrusted_type_is_refused_by_name_and_not_made(tmp_path: Path) -> None:
    """The refusal names the type and the setting that would trust it."""
    strange_file(tmp_path / "strange.skops")
    MADE.clear()
    with pytest.raises(UntrustedTypes, match=r"test_hostile_files\.Strange.*TRUSTED_TYPES") as refusal:
        bring(tmp_path / "strange.skops", tmp_path / "models")
    assert refusal.value.types == (f"{__name__}.Strange",)
    assert MADE == []


def test_an_operator_can_trust_a_type(tmp_path: Path) -> None:
    """With its type on the operator's list the model comes in, and is loaded only where it is on it too."""
    strange_file(tmp_path / "strange.skops")
    trusted = (f"{__name__}.Strange",)
    bring(tmp_path / "strange.skops", tmp_path / "models", trusted)
    directory = ModelsDirectory(tmp_path / "models")
    assert directory.card("rose", "1").runtime.format == "skops"
    assert load(directory, "rose", "1", trusted).card.name == "rose"
    with pytest.raises(RefusedVersion, match="types that are not trusted"):
        load(directory, "rose", "1")


def test_a_function_in_the_place_of_a_model_is_refused(tmp_path: Path) -> None:
    """A file that asks for a function of the operating system does not get it."""
    schema = {
        "__class__": "system",
        "__module__": "posix",
        "__loader__": "FunctionNode",
        "__id__": 1,
        "content": {"module_path": "posix", "function": "system"},
        "protocol": 2,
        "_skops_version": skops.__version__,
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))
    (tmp_path / "model.skops").write_bytes(content.getvalue())
    with pytest.raises(UnreadableModel, match="posix"):
        bring(tmp_path / "model.skops", tmp_path / "models")


@pytest.mark.parametrize("keep", [0, 10, 2000])
def test_a_file_that_is_cut_off_is_refused(keep: int, tmp_path: Path) -> None:
    """Part of a skops file is none."""
    features, truth = load_iris(return_X_y=True)
    content = skops.io.dumps(LogisticRegression(max_iter=200).fit(features, truth))
    (tmp_path / "model.skops").write_bytes(content[:keep])
    with pytest.raises(UnreadableModel, match=r"model\.skops is refused"):
        bring(tmp_path / "model.skops", tmp_path / "models")


@pytest.mark.parametrize(("member", "value"), [("left_child", 10**6), ("left_child", 0), ("feature", 99)])
def test_a_tree_that_leads_outside_itself_is_refused(member: str, value: int, tmp_path: Path) -> None:
    """scikit-learn follows a tree's indices without looking, so they are looked at before."""
    features, truth = load_iris(return_X_y=True)
    forest = RandomForestClassifier(3, random_state=0).fit(features, truth)
    tree = forest.estimators_[1].tree_
    state = tree.__getstate__()
    state["nodes"][member][0] = value
    tree.__setstate__(state)
    skops.io.dump(forest, tmp_path / "model.skops")
    with pytest.raises(UnreadableModel, match="it holds a tree"):
        bring(tmp_path / "model.skops", tmp_path / "models")


def test_a_model_that_was_not_fitted_is_refused(tmp_path: Path) -> None:
    """An estimator without what it learnt is named as that."""
    skops.io.dump(LogisticRegression(), tmp_path / "model.skops")
    with pytest.raises(UnreadableModel, match="holds a LogisticRegression that has not been fitted"):
        bring(tmp_path / "model.skops", tmp_path / "models")


def test_a_transformer_is_refused(tmp_path: Path) -> None:
    """What predicts nothing is not served."""
    skops.io.dump(StandardScaler().fit([[1.0], [2.0]]), tmp_path / "model.skops")
    with pytest.raises(UnreadableModel, match="neither a classifier nor a regressor"):
        bring(tmp_path / "model.skops", tmp_path / "models")


@pytest.fixture
def by_itself(tmp_path: Path) -> ModelsDirectory:
    """A version that scikit-learn serves itself, to be tampered with."""
    directory = ModelsDirectory(tmp_path / "models")
    features, truth = load_iris(return_X_y=True)
    estimator = LogisticRegression(max_iter=200).fit(features, truth)
    chooser = Chooser(lambda step: None, compilers={})
    take_in(estimator, None, Brought(tmp_path / "model.skops", "rose"), directory, chooser)
    return directory


def tamper(directory: ModelsDirectory, **changes: Any) -> None:
    """Rewrite members of the card."""
    path = directory.folder("rose", "1") / CARD
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_version_of_another_scikit_learn_is_refused(by_itself: ModelsDirectory) -> None:
    """An estimator's own file is read only by the minor version that wrote it."""
    assert load(by_itself, "rose", "1").card.runtime.parity is None
    tamper(by_itself, libraries={"scikit-learn": "1.2.3"})
    with pytest.raises(RefusedVersion, match=r"scikit-learn 1\.2\.3"):
        load(by_itself, "rose", "1")


def test_a_model_file_with_a_strange_type_and_a_right_digest_is_refused(
    by_itself: ModelsDirectory, tmp_path: Path
) -> None:
    """Whoever can write the folder and its card still cannot make the service open what it does not trust."""
    file = by_itself.folder("rose", "1") / "model.skops"
    strange_file(file)
    files = dict(by_itself.card("rose", "1").files) | {"model.skops": digest_of(file.read_bytes())}
    tamper(by_itself, files=files)
    MADE.clear()
    with pytest.raises(RefusedVersion, match="types that are not trusted"):
        load(by_itself, "rose", "1")
    assert MADE == []


@pytest.mark.parametrize("file", ["../../outside.skops", "/etc/passwd", "model.pkl"])
def test_a_card_cannot_name_a_file_outside_its_version(by_itself: ModelsDirectory, file: str) -> None:
    """The file that is loaded is one of the version's own, and those are plain names."""
    tamper(by_itself, runtime={"format": "skops", "file": file, "parity": None})
    with pytest.raises(RefusedVersion, match="names no model among its files"):
        load(by_itself, "rose", "1")
    tamper(by_itself, files={file: digest_of(b"")})
    with pytest.raises(RefusedVersion, match=r"names a file outside it|cannot be read"):
        load(by_itself, "rose", "1")


@pytest.mark.parametrize("form", ["pickle", "treelite", ""])
def test_a_card_cannot_name_another_form(by_itself: ModelsDirectory, form: str) -> None:
    """Only the forms that are known are loaded."""
    runtime = by_itself.card("rose", "1").runtime
    assert runtime == Runtime("skops", "model.skops", None, "none")
    tamper(by_itself, runtime={"format": form, "file": "model.skops", "parity": None})
    with pytest.raises(RefusedVersion, match="in a form not known here"):
        load(by_itself, "rose", "1")
