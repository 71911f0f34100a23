"""A published model with a form for one row: what answers, and which version is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.svm import SVC, LinearSVC

from api.errors import NoAnswer, RefusedVersion
from api.registry.card import card_from_json, card_to_json
from api.registry.digests import file_digest
from api.registry.directory import CARD, ModelsDirectory
from api.runtime.answers import Answers, ClassAnswers, OneAnswer, ValueAnswers
from api.runtime.load import LoadedModel, load
from api.runtime.one_row.form import FILE, to_bytes
from api.runtime.rows import Rows, numbers_only
from api.training import one_row
from api.training.choose import Chooser
from api.training.import_model import Brought, take_in
from tests.api.training.for_one_row import fitted, table

SMALL: dict[str, Any] = {"n_estimators": 6, "max_depth": 3, "random_state": 0}
KINDS: dict[str, tuple[Any, int]] = {
    "forest": (RandomForestClassifier(**SMALL), 3),
    "line": (LogisticRegression(max_iter=500), 2),
    "vectors": (LinearSVC(), 2),
    "values": (RandomForestRegressor(**SMALL), 0),
    "ridge": (Ridge(), 0),
}


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModelsDirectory:
    """What models are published to, with every form that is equal."""
    monkeypatch.setattr(one_row, "_SHARE", float("inf"))
    monkeypatch.setattr(one_row, "_ROWS", 3)
    return ModelsDirectory(tmp_path)


def publish(directory: ModelsDirectory, name: str, estimator: Any, classes: int) -> None:
    """The next version of a model, of an estimator fitted to the table."""
    brought = Brought(Path(f"{name}.skops"), name)
    take_in(fitted(estimator, classes), None, brought, directory, Chooser(lambda step: None))


def loaded(directory: ModelsDirectory, name: str) -> LoadedModel:
    """A model of one of the kinds, published and loaded."""
    publish(directory, name, *KINDS[name])
    return load(directory, name, "1")


def ones_of(answers: Answers) -> list[OneAnswer]:
    """The answers of a batch, row by row."""
    if isinstance(answers, ValueAnswers):
        return [(None, [value]) for value in answers.values.tolist()]
    classes = answers.classes.tolist()
    if answers.probabilities is None:
        return [(chosen, []) for chosen in classes]
    return list(zip(classes, answers.probabilities.tolist(), strict=True))


def rows() -> Rows:
    """Rows that it knows, and others."""
    known = table(missing=False)[:20]
    return numbers_only(np.concatenate([known, known * 3 - 7]))


@pytest.mark.parametrize("name", KINDS)
def test_one_row_is_answered_by_it(directory: ModelsDirectory, name: str) -> None:
    """By either way to ask for one row, with the very same answer, which the first form gives too."""
    model = loaded(directory, name)
    assert model.one is not None
    assert model.card.runtime.one_row is not None
    assert model.card.runtime.one_row.file == FILE
    together = ones_of(model.model.predict(rows()))
    for at, expected in enumerate(together):
        row = rows()[at : at + 1]
        own = model.one.predict_one(row.numbers[0].tolist(), [])
        assert ones_of(model.predict(row)) == [own]
        assert model.predict_one(row.numbers[0].tolist(), []) == own
        assert own[0] == expected[0]
        assert own[1] == pytest.approx(expected[1], rel=1e-9, abs=1e-9)


class Marked:
    """A form whose answer is no other's."""

    def predict_one(self, numbers: object, texts: object) -> OneAnswer:
        """Always this."""
        return 1, [0.125, 0.875]


def test_only_one_row_is_answered_by_it(directory: ModelsDirectory) -> None:
    """No row and two rows are answered by the first form."""
    model = replace(loaded(directory, "line"), one=Marked())
    assert ones_of(model.predict(rows()[:1])) == [(1, [0.125, 0.875])]
    for count in (0, 2, 5):
        given = rows()[:count]
        assert ones_of(model.predict(given)) == ones_of(model.model.predict(given))
        assert (1, [0.125, 0.875]) not in ones_of(model.predict(given))


def test_the_threshold_of_its_card_decides(directory: ModelsDirectory) -> None:
    """Of one row like of many, whichever way it is asked."""
    model = loaded(directory, "line")
    for threshold in (0.0, 0.05, 0.95, 1.0):
        target = replace(model.card.target, threshold=threshold)
        other = replace(model, card=replace(model.card, target=target))
        together = other.predict(rows())
        assert isinstance(together, ClassAnswers)
        for at, chosen in enumerate(together.classes.tolist()):
            row = rows()[at : at + 1]
            one = other.predict_one(row.numbers[0].tolist(), [])
            assert one is not None
            assert (one[0], ones_of(other.predict(row))) == (chosen, [one])


@pytest.mark.parametrize("name", ["ridge", "line"])
def test_no_number_is_no_answer(directory: ModelsDirectory, name: str) -> None:
    """Where what a row comes to is no number, it is refused alone as it is among others."""
    model = loaded(directory, name)
    assert model.one is not None
    assert model.predict_one([np.nan, 110.0, 1.0], []) is None
    for count in (1, 2):
        with pytest.raises(NoAnswer):
            model.predict(numbers_only(np.array([[np.nan, 110.0, 1.0]] * count)))


def test_a_model_without_one_is_answered_by_its_first_form(directory: ModelsDirectory) -> None:
    """Its card says so, and it has no such file."""
    publish(directory, "curved", SVC(), 2)
    model = load(directory, "curved", "1")
    assert model.one is None
    assert model.card.runtime.one_row is None
    assert FILE not in model.card.files
    assert model.predict_one(rows().numbers[0].tolist(), []) == ones_of(model.model.predict(rows()[:1]))[0]


def rewrite(directory: ModelsDirectory, name: str, content: bytes) -> None:
    """Replace the form and the digest on its card: a change that digests cannot see."""
    folder = directory.folder(name, "1")
    (folder / FILE).write_bytes(content)
    card = json.loads((folder / CARD).read_text())
    card["files"][FILE] = file_digest(folder / FILE)
    (folder / CARD).write_text(json.dumps(card))


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_a_form_that_is_not_the_file_that_was_published_is_refused(
    directory: ModelsDirectory, content: bytes | None
) -> None:
    """Its file is part of the version like any other."""
    publish(directory, "forest", *KINDS["forest"])
    path = directory.folder("forest", "1") / FILE
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(RefusedVersion, match=r"one_row\.npz"):
        load(directory, "forest", "1")


def test_a_form_that_is_not_among_its_files_is_refused(directory: ModelsDirectory) -> None:
    """A card that names a form has a file for it."""
    publish(directory, "line", *KINDS["line"])
    path = directory.folder("line", "1") / CARD
    card = json.loads(path.read_text())
    del card["files"][FILE]
    path.write_text(json.dumps(card))
    with pytest.raises(RefusedVersion, match=r"one_row\.npz, is not there"):
        load(directory, "line", "1")


@pytest.mark.parametrize("content", [b"", b"damaged", b"PK\x03\x04 half", to_bytes({"which": np.zeros(3)})])
def test_a_form_that_is_none_is_refused(directory: ModelsDirectory, content: bytes) -> None:
    """Though every digest fits."""
    publish(directory, "line", *KINDS["line"])
    rewrite(directory, "line", content)
    with pytest.raises(RefusedVersion, match=r"one_row\.npz, fails"):
        load(directory, "line", "1")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("forest", RandomForestClassifier(**SMALL | {"random_state": 9})),
        ("line", LogisticRegression(C=1e-4, max_iter=500)),
        ("values", RandomForestRegressor(**SMALL | {"random_state": 9})),
    ],
)
def test_a_form_that_gives_other_answers_is_refused(
    directory: ModelsDirectory, name: str, other: Any
) -> None:
    """The canary is replayed through it too: here it is another model's."""
    publish(directory, name, *KINDS[name])
    publish(directory, "other", other, KINDS[name][1])
    rewrite(directory, name, (directory.folder("other", "1") / FILE).read_bytes())
    with pytest.raises(RefusedVersion, match="no longer gives its own answers"):
        load(directory, name, "1")


def test_a_form_of_another_kind_of_row_is_refused(directory: ModelsDirectory) -> None:
    """Its canary cannot be replayed through a table of other fields."""
    publish(directory, "forest", *KINDS["forest"])
    with np.load(directory.folder("forest", "1") / FILE) as file:
        arrays = {name: file[name] for name in file.files}
    cuts = int(arrays["cuts_counts"][0])
    fewer = {
        "cuts": arrays["cuts"][cuts:],
        "cuts_counts": arrays["cuts_counts"][1:],
        "gaps": arrays["gaps"][1:],
    }
    cells = len(arrays["which"]) // (cuts + 1 + int(arrays["gaps"][0]))
    rewrite(directory, "forest", to_bytes(arrays | fewer | {"which": arrays["which"][:cells]}))
    with pytest.raises(RefusedVersion, match="its canary cannot be replayed"):
        load(directory, "forest", "1")


def test_a_card_from_before_is_read(directory: ModelsDirectory) -> None:
    """One that was written before there was this form has none, and the version answers."""
    model = loaded(directory, "line")
    data = card_to_json(model.card)
    assert card_from_json(json.loads(json.dumps(data))) == model.card
    del data["runtime"]["one_row"]
    assert card_from_json(data) == replace(model.card, runtime=replace(model.card.runtime, one_row=None))
    folder = directory.folder("line", "1")
    (folder / FILE).unlink()
    del data["files"][FILE]
    (folder / CARD).write_text(json.dumps(data))
    before = load(directory, "line", "1")
    assert before.one is None
    assert before.predict_one([0.0, 110.0, 1.0], []) is not None
