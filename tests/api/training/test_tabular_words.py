"""Columns of free text: they are learnt from by their words, and served as scikit-learn would answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from api.errors import CannotCompile
from api.registry.directory import ModelsDirectory
from api.runtime.answers import Answers, ClassAnswers, ValueAnswers
from api.runtime.compile import compile_with_skl2onnx
from api.runtime.compiling.estimators import compile_exactly
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import natural_frame
from api.runtime.load import LoadedModel, load
from api.runtime.onnx_model import OnnxModel
from api.runtime.rows import Rows, rows_from
from api.runtime.skops_model import open_skops
from api.runtime.text_probe_values import AWKWARD
from api.runtime.trusted_types import BUILT_IN
from api.runtime.words import Words
from api.schema.fields import Kind
from api.schema.observed import outside_observed
from api.schema.schema import Schema
from api.training.choose import Chooser
from api.training.csv_columns_read import Reader
from api.training.outcome import House, Outcome
from api.training.request import TrainingRequest
from api.training.tabular_candidates import candidates
from api.training.tabular_fit import fitted, prepared
from api.training.tabular_known import Clock, read_csv
from api.training.tabular_run import train_csv
from api.training.tabular_split import Ground, split
from api.training.watch import Unwatched

GOOD = ["great", "lovely", "superb", "quick", "friendly"]
BAD = ["awful", "rude", "slow", "broken", "stale"]
OTHER = [first + last for first in ("ta", "re", "mi", "lo", "su") for last in ("ron", "lim", "sek", "dor")]


def reviews(rows: int = 400, seed: int = 5) -> pd.DataFrame:
    """What guests wrote, and whether they come again: which only their words tell."""
    random = np.random.default_rng(seed)
    happy = random.random(rows) < 0.5
    texts = []
    for one in happy:
        words = list(random.choice(OTHER, random.integers(4, 12)))
        words.insert(int(random.integers(len(words))), str(random.choice(GOOD if one else BAD)))
        texts.append(" ".join(words).capitalize() + ".")
    return pd.DataFrame(
        {
            "nights": random.integers(1, 9, rows),
            "town": random.choice(["north", "south"], rows),
            "review": texts,
            "again": np.where(happy, "yes", "no"),
        }
    )


def train(folder: Path, table: pd.DataFrame, seconds: int = 0) -> tuple[Outcome, LoadedModel]:
    """Train from a table, by default with time for one candidate, and load what came of it."""
    file = folder / "guests.csv"
    table.to_csv(file, index=False)
    directory = ModelsDirectory(folder / "models")
    house = House(directory, lambda name: None, seconds, (), folder)
    outcome = train_csv(TrainingRequest(), file, house, Unwatched(), "job")
    return outcome, load(directory, outcome.card.name, outcome.card.version)


def columns_of(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """What the report says of each column."""
    return {one["name"]: one for one in outcome.report["columns"]}


def numbers_of(answers: Answers) -> Any:
    """The probabilities, or the values."""
    return answers.values if isinstance(answers, ValueAnswers) else answers.probabilities


def test_a_text_that_alone_carries_the_target_is_learnt_from(tmp_path: Path) -> None:
    """The other columns say nothing, and nearly every row held out is answered rightly."""
    outcome, model = train(tmp_path, reviews())
    review = columns_of(outcome)["review"]
    assert (review["kind"], review["used"]) == ("text", True)
    assert outcome.report["figures"]["accuracy"] > 0.95
    assert outcome.card.runtime.format == "onnx"
    field = outcome.card.schema.by_name["review"]
    assert (field.kind, field.longest, field.missing_allowed) == (Kind.TEXT, 10_000, False)
    answers = model.predict(
        rows_from(model.card.schema, [(2, "north", "A LOVELY room"), (2, "north", "so rude")])
    )
    assert isinstance(answers, ClassAnswers)
    assert [model.card.target.classes[at].label for at in answers.classes] == ["yes", "no"]
    assert answers.probabilities is not None
    content = (tmp_path / "models" / "guests" / outcome.card.version / "model.onnx").read_bytes()
    _, alone = OnnxModel(content).predict_one([2.0], ["north", "A LOVELY room"])
    assert alone == answers.probabilities[0].tolist()


def test_a_model_is_better_with_the_text_than_without(tmp_path: Path) -> None:
    """Of guests who come again for the price or for what they found, the price alone tells half."""
    table, random = reviews(800), np.random.default_rng(8)
    table["price"] = random.normal(100, 20, len(table)).round(2)
    happy, cheap = table["again"] == "yes", table["price"] < 100
    table["again"] = np.where(np.where(random.random(len(table)) < 0.5, happy, cheap), "yes", "no")
    table = table[["price", "review", "again"]]
    with_text, _ = train(tmp_path, table, seconds=60)
    (tmp_path / "without").mkdir()
    without, _ = train(tmp_path / "without", table.drop(columns="review"), seconds=60)
    (chosen,) = [one for one in with_text.report["candidates"] if one["chosen"]]
    assert chosen["score"] > max(one["score"] for one in without.report["candidates"]) + 0.02
    figures = with_text.report["figures"], without.report["figures"]
    assert figures[0]["auc"] > figures[1]["auc"] + 0.05


def test_the_numbers_are_those_of_scikit_learn() -> None:
    """With the same terms its vectorizer gives the same TF-IDF, dense and sparse."""
    texts = [*reviews(200)["review"], *AWKWARD, "Great great GREAT great, lovely"]
    table = np.array(texts, dtype=np.object_)[:, None]
    ours = Words(most=60).fit(table)
    assert len(ours.terms_) == 60
    assert any(" " in term for term in Words().fit(table).terms_)
    theirs = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), vocabulary=ours.terms_)
    expected = theirs.fit_transform(texts).toarray()
    assert np.allclose(ours.transform(table).toarray(), expected, rtol=0, atol=1e-12)
    dense = Words(most=60, dense=True).fit(table)
    assert np.array_equal(dense.transform(table), ours.transform(table).toarray())


def test_the_most_telling_terms_are_chosen_by_the_target() -> None:
    """Rare words that tell come before frequent ones that do not, for classes and for numbers."""
    guests = reviews()
    table, happy = guests[["review"]].to_numpy(), (guests["again"] == "yes").to_numpy()
    for truth in (happy.astype(np.int64), happy * 50.0 + np.arange(len(happy)) / 1000):
        chosen = Words(most=10, telling=True).fit(table, truth).terms_
        assert set(chosen) == {*GOOD, *BAD}


def test_a_file_of_one_text_and_a_target_trains(tmp_path: Path) -> None:
    """No number, no choice: the words are all there is."""
    outcome, model = train(tmp_path, reviews()[["review", "again"]], seconds=60)
    assert outcome.report["figures"]["accuracy"] > 0.95
    assert len([one for one in outcome.report["candidates"] if one["score"] is not None]) == 3
    answered = model.predict(rows_from(model.card.schema, [("superb",), ("",), ("zzz",)]))
    numbers = numbers_of(answered)
    # Of no word and of unknown words it says the same.
    assert np.array_equal(numbers[1], numbers[2])


def test_a_number_is_told_from_words(tmp_path: Path) -> None:
    """A regressor learns from a text too."""
    table = reviews()
    table["stars"] = np.where(table.pop("again") == "yes", 80.0, 20.0) + np.arange(len(table)) % 7 / 10
    outcome, _ = train(tmp_path, table)
    assert outcome.card.task == "regression"
    assert outcome.report["metric"]["value"] > 0.7


def _prepared_candidates(folder: Path, table: pd.DataFrame) -> tuple[Schema, list[Any], Rows]:
    """Every candidate fitted to a table, and the table's rows."""
    file = folder / "guests.csv"
    table.to_csv(file, index=False)
    known = read_csv(TrainingRequest(), file, Unwatched(), Clock())
    ground = Ground(known.view, known.truth, split(known.view, known.truth, lambda share: None))
    places = np.arange(len(known.truth.rows))
    models = [
        fitted(one, prepared(one, ground, places), known.truth.values)
        for one in candidates(known.truth, None)
    ]
    return known.view.schema, models, known.view.rows(known.truth.rows)


def _by_choice(table: pd.DataFrame) -> pd.DataFrame:
    return table


def _by_number(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(again=np.where(table["again"] == "yes", 3.5, 1.5) + np.arange(len(table)) / 1000)


def _without_others(table: pd.DataFrame) -> pd.DataFrame:
    return table[["review", "again"]]


def _two_texts(table: pd.DataFrame) -> pd.DataFrame:
    titles = [text[::-1] for text in table["review"]]
    return table.assign(title=titles)[["title", "nights", "review", "again"]]


@pytest.mark.parametrize("change", [_by_choice, _by_number, _without_others, _two_texts])
def test_awkward_texts_are_answered_as_scikit_learn_answers(
    change: Callable[[pd.DataFrame], pd.DataFrame], tmp_path: Path
) -> None:
    """Every candidate, compiled, gives the same for nothing, odd characters, unknown words, long texts."""
    table = change(reviews())
    table.loc[::10, "review"] = None
    schema, models, rows = _prepared_candidates(tmp_path, table)
    frame = natural_frame(schema)
    long = " ".join([*OTHER * 800, *GOOD])
    odd = [*AWKWARD, None, long, long[:10_000], "Great\u00a0GREAT great, lovely-superb"]
    given = rows[np.arange(len(odd))]
    for column, at in enumerate(schema.text_positions):
        if schema.fields[at].kind is Kind.TEXT:
            given.texts[:, column] = np.array(odd, dtype=np.object_)
    for model in models:
        theirs = EstimatorModel(model, frame).predict(given)
        ours = OnnxModel(compile_exactly(model, frame)).predict(given)
        apart = np.abs(numbers_of(ours) - numbers_of(theirs))
        assert apart.max() < 1e-9
        if isinstance(ours, ClassAnswers) and isinstance(theirs, ClassAnswers):
            assert np.array_equal(ours.classes, theirs.classes)


def test_an_estimator_of_words_can_be_kept_as_it_is(tmp_path: Path) -> None:
    """Without a compiler it becomes a skops file of types that nobody vouches for, with equal answers."""
    schema, models, rows = _prepared_candidates(tmp_path, reviews(120))
    frame = natural_frame(schema)
    with pytest.raises(CannotCompile):
        compile_with_skl2onnx(models[0], frame)
    kept = Chooser(lambda step: None, (), {}).choose(models[0], frame, rows)
    assert kept.runtime.format == "skops"
    opened = EstimatorModel(open_skops(kept.files["model.skops"], BUILT_IN), frame)
    before = EstimatorModel(models[0], frame).predict(rows)
    assert np.array_equal(numbers_of(opened.predict(rows)), numbers_of(before))


def test_nobodys_text_is_kept_in_the_canary(tmp_path: Path) -> None:
    """The rows that a version replays are made up, their texts too."""
    table = reviews()
    outcome, _ = train(tmp_path, table)
    folder = tmp_path / "models" / outcome.card.name / outcome.card.version
    kept = json.dumps(json.loads((folder / "canary.json").read_text()))
    assert not [text for text in table["review"] if text in kept]


def test_a_text_that_may_be_missing_is_one_without_words(tmp_path: Path) -> None:
    """Where the file lacks some, a row without is answered, and not taken for an empty one that differs."""
    table = reviews()
    table.loc[::5, "review"] = None
    _, model = train(tmp_path, table)
    assert model.card.schema.by_name["review"].missing_allowed
    numbers = numbers_of(model.predict(rows_from(model.card.schema, [(2, "north", None), (2, "north", " ")])))
    assert np.array_equal(numbers[0], numbers[1])


def test_what_comes_after_the_longest_text_is_told_and_not_read(tmp_path: Path) -> None:
    """In the file a warning counts the texts; of a row that is sent another one says so."""
    table = reviews()
    beyond = "x" * 11_000
    table.loc[:2, "review"] += f" {beyond}"
    outcome, model = train(tmp_path, table)
    assert any("3 texts of review" in one and "10,000" in one for one in outcome.report["warnings"])
    cut = " ".join(["room"] * 2500)
    short, long = (2, "north", cut[:10_000]), (2, "north", cut[:10_000] + " awful rude")
    numbers = numbers_of(model.predict(rows_from(model.card.schema, [short, long])))
    assert np.array_equal(numbers[0], numbers[1])
    assert not outside_observed(model.card.schema, short)
    (warning,) = outside_observed(model.card.schema, long)
    assert warning.message == "Review has 10,011 characters; the model reads the first 10,000 only."


def test_of_many_texts_the_right_ones_are_kept_to_measure_on(tmp_path: Path) -> None:
    """Once the winner has its rows only some texts are kept: they are still those of their rows."""
    table = reviews(1500)
    table.loc[::7, "review"] = None
    outcome, _ = train(tmp_path, table)
    # Of the rows without a text half are guessed rightly.
    assert outcome.report["figures"]["accuracy"] > 0.88


def test_texts_with_no_word_in_common_name_rows(tmp_path: Path) -> None:
    """Nothing can be learnt from words that come once, and the report says so."""
    table = reviews(100)
    table["review"] = [f"a{at} b{at} c{at}" for at in range(len(table))]
    table["nights"] = np.where(table["again"] == "yes", 2, 7)
    outcome, _ = train(tmp_path, table)
    review = columns_of(outcome)["review"]
    assert (review["used"], review["why"]) == (False, "no word of it comes again")


def test_many_long_texts_are_shortened_until_they_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column takes no more memory than it is given: each text is kept less far."""
    monkeypatch.setattr("api.training.csv_columns_read._MOST_MEMORY", 200_000)
    reader = Reader("told", "text")
    reader.is_free = True
    for start in range(0, 100, 50):
        texts = [f"{at} " + "word " * 1500 for at in range(start, start + 50)]
        reader.add(pd.Series(texts).astype("category"), start)
    column: Any = reader.column()
    assert column.longest < 2000
    assert column.cut == 100
    assert sum(map(len, column.texts)) < 200_000
    assert [text.split()[0] for text in column.objects()] == [str(at) for at in range(100)]
