"""Choices as the codes that a compiled model takes: equal to scikit-learn, older models served as before."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from api.runtime.answers import ClassAnswers, OneAnswer, ValueAnswers
from api.runtime.choice_codes import CODES, choice_codes_from, choice_codes_to_json
from api.runtime.compiling.estimators import compile_exactly, compile_for_many_rows
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import natural_frame
from api.runtime.onnx_model import NUMBERS, TEXTS, VALUES, OnnxModel
from api.runtime.probes import probe_rows
from api.runtime.prove import prove_equal
from api.runtime.rows import Rows
from api.runtime.word_inputs import WORDS
from api.schema.fields import Choice, Field, Kind
from api.schema.schema import Schema

CITIES = ("Basel", "Bern", "Zürich", "3", "a\nb")
PLANS = ("free", "plus")


def choice(name: str, values: tuple[str, ...]) -> Field:
    """A field of choices that takes others too, and none."""
    choices = tuple(Choice(one, one) for one in values)
    return Field(name, name, Kind.CHOICE, choices=choices, missing_allowed=True, others_allowed=True)


AGE = Field("age", "Age", Kind.NUMBER, missing_allowed=True)
INCOME = Field("income", "Income", Kind.NUMBER, missing_allowed=True)
CITY, PLAN = choice("city", CITIES), choice("plan", PLANS)
NOTE = Field("note", "Note", Kind.TEXT, missing_allowed=True)
# A choice comes before the numbers, and one between them.
MIXED = Schema((CITY, AGE, PLAN, INCOME))
CHOICES = Schema((CITY, PLAN))
NOTED = Schema((NOTE, CITY, AGE))


def rows_like(schema: Schema, count: int = 400) -> Rows:
    """Rows that have every choice, and gaps."""
    random = np.random.default_rng(4)
    numbers = random.normal(50, 20, (count, len(schema.number_positions)))
    numbers[random.random(numbers.shape) < 0.1] = np.nan
    texts = np.empty((count, len(schema.text_positions)), dtype=np.object_)
    for column, at in enumerate(schema.text_positions):
        values = [one.value for one in schema.fields[at].choices] or ["what anyone may say"]
        texts[:, column] = random.choice(np.array([*values, None], dtype=np.object_), count)
    return Rows(numbers, texts)


def score(rows: Rows) -> Any:
    """What the models learn to tell: of all fields, the missing ones too."""
    worth = {text: float(at) for at, text in enumerate((*CITIES, *PLANS, None))}
    told = [sum(worth.get(one, 0.0) for one in row) for row in rows.texts]
    return np.array(told) + np.nan_to_num(rows.numbers / 30).sum(axis=1)


def numbers_of(names: list[str]) -> Any:
    """Filled and scaled."""
    return make_pipeline(SimpleImputer(), StandardScaler()), names


def one_hot(names: list[str]) -> Any:
    """A column for each choice; a missing one has its own."""
    return OneHotEncoder(handle_unknown="ignore"), names


def places(names: list[str]) -> Any:
    """A number for each choice; what is not known, and what is missing, have theirs."""
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-2, encoded_missing_value=-1)
    return encoder, names


# Where the classes are cut that a case has to tell apart; in two where it does not say.
SHARES: dict[str, list[float]] = {
    "one-hot of three classes": [0.3, 0.6],
    "scaled afterwards": np.linspace(0.1, 0.9, 9).tolist(),
}


def _linear(*columns: Any) -> Any:
    return make_pipeline(make_column_transformer(*columns), LogisticRegression())


CASES: dict[str, tuple[Schema, Any]] = {
    "one-hot": (MIXED, _linear(numbers_of(["age", "income"]), one_hot(["city", "plan"]))),
    "one-hot of three classes": (MIXED, _linear(one_hot(["city", "plan"]), numbers_of(["age", "income"]))),
    "the other order": (MIXED, _linear(one_hot(["plan"]), numbers_of(["income"]), one_hot(["city"]))),
    "choices only": (CHOICES, _linear(one_hot(["plan", "city"]))),
    "trees": (
        MIXED,
        make_pipeline(
            make_column_transformer(places(["city", "plan"]), (SimpleImputer(), ["age", "income"])),
            RandomForestRegressor(10, random_state=0),
        ),
    ),
    "boosting": (
        MIXED,
        make_pipeline(
            make_column_transformer(places(["plan", "city"]), remainder="passthrough"),
            HistGradientBoostingClassifier(max_iter=10, categorical_features=[0]),
        ),
    ),
    "scaled afterwards": (
        MIXED,
        make_pipeline(
            make_column_transformer(one_hot(["plan", "city"]), numbers_of(["age"])),
            StandardScaler(with_mean=False),
            LogisticRegression(),
        ),
    ),
    "some columns of an encoding": (
        MIXED,
        make_pipeline(
            make_column_transformer(one_hot(["city"]), numbers_of(["age"]), one_hot(["plan"])),
            make_column_transformer(("passthrough", [4, 0, 1, 6]), ("passthrough", [7, 2])),
            LogisticRegression(),
        ),
    ),
    "filled after an encoding": (
        MIXED,
        make_pipeline(
            make_column_transformer(
                (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-2), ["city", "plan"]),
                ("passthrough", ["income"]),
            ),
            SimpleImputer(add_indicator=True),
            LogisticRegression(),
        ),
    ),
    "beside a text that it leaves out": (NOTED, _linear(one_hot(["city"]), numbers_of(["age"]))),
}


@pytest.mark.parametrize("name", CASES)
def test_every_probe_is_answered_as_scikit_learn_answers(name: str) -> None:
    """Seen, unseen and missing choices; many rows in either form, one row to the last bit like a batch."""
    schema, estimator = CASES[name]
    frame, sample = natural_frame(schema), rows_like(schema)
    worth = score(sample)
    if not isinstance(estimator[-1], RandomForestRegressor):
        worth = np.digitize(worth, np.quantile(worth, SHARES.get(name, [0.5])))
    estimator.fit(frame.of(sample), worth)
    probes = probe_rows(estimator, frame, sample).rows
    theirs = EstimatorModel(estimator, frame).predict(probes)
    content = compile_exactly(estimator, frame)
    model = OnnxModel(content)
    prove_equal(schema, model, probes, theirs)
    other = compile_for_many_rows(estimator, frame)
    assert (other is not None) is (name == "boosting")
    if other is not None:
        prove_equal(schema, OnnxModel(other), probes, theirs)
    # The last probes are those at split points; the others have every kind.
    for at in np.random.default_rng(2).choice(len(probes), 300, replace=False):
        row = probes[at : at + 1]
        assert one_of(model, row) == one_of_batch(model, row)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    coded = [one for one in schema.fields if one.kind is not Kind.TEXT]
    assert [(one.name, one.shape[1]) for one in session.get_inputs()] == [(NUMBERS, len(coded))]


def one_of(model: OnnxModel, row: Rows) -> OneAnswer:
    """The shorter way for one row."""
    return model.predict_one(row.numbers[0].tolist(), ["" if one is None else one for one in row.texts[0]])


def one_of_batch(model: OnnxModel, row: Rows) -> OneAnswer:
    """A batch of one row."""
    answers = model.predict(row)
    if isinstance(answers, ValueAnswers):
        return None, answers.values.tolist()
    assert isinstance(answers, ClassAnswers)
    assert answers.probabilities is not None
    return int(answers.classes[0]), answers.probabilities[0].tolist()


def test_a_text_of_another_shape_is_an_unseen_choice() -> None:
    """Codes are by the whole text: neither its case nor blanks around it make another one of it."""
    codes = choice_codes_from({CODES: choice_codes_to_json({1: CITIES})})
    assert codes is not None
    texts = [*CITIES, "", "basel", "Bern ", "3.0", "zzz", "\0 a text"]
    expected = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, *[6.0] * 5]
    assert [codes.of_one([7.5], ["Bern", one]) for one in texts] == [[7.5, code] for code in expected]
    given = Rows(np.full((len(texts), 1), 7.5), np.array([["Bern", one or None] for one in texts], object))
    assert codes.of(given).tolist() == [[7.5, code] for code in expected]


def test_a_model_that_says_nothing_of_codes_has_none() -> None:
    """And what says something else than codes is refused."""
    assert choice_codes_from({}) is None
    for wrong in ("", "7", '{"a": 1}', '[{"column": 0}]', '[{"column": "x", "choices": []}]'):
        with pytest.raises((KeyError, TypeError, ValueError)):
            choice_codes_from({CODES: wrong})


def earlier_model(words: bool) -> bytes:
    """A model as it was compiled before choices were codes: the number and ten times the choice's place.

    With `words` its texts are one of several columns, and it adds the values of the words of another.
    """
    nodes = [
        helper.make_node("Gather", [TEXTS, "first"], ["choice"], axis=1),
        helper.make_node(
            "LabelEncoder",
            ["choice"],
            ["place"],
            domain="ai.onnx.ml",
            keys_strings=[*CITIES, ""],
            values_int64s=list(range(len(CITIES) + 1)),
            default_int64=len(CITIES) + 1,
        ),
        helper.make_node("Gather", ["worth", "place"], ["ten"], axis=0),
        helper.make_node("Gather", [NUMBERS, "first"], ["number"], axis=1),
        helper.make_node("Add", ["ten", "number"], ["sum" if words else VALUES]),
    ]
    inputs = [
        helper.make_tensor_value_info(NUMBERS, TensorProto.DOUBLE, [None, 1]),
        helper.make_tensor_value_info(TEXTS, TensorProto.STRING, [None, 1]),
    ]
    if words:
        nodes += [
            helper.make_node("ReduceSum", ["words_0", "second"], ["said"], keepdims=0),
            helper.make_node("Add", ["sum", "said"], [VALUES]),
        ]
        inputs.append(helper.make_tensor_value_info("words_0", TensorProto.DOUBLE, [None, 2]))
    graph = helper.make_graph(
        nodes,
        "earlier",
        inputs,
        [helper.make_empty_tensor_value_info(VALUES)],
        [
            helper.make_tensor("first", TensorProto.INT64, [], [0]),
            helper.make_tensor("second", TensorProto.INT64, [1], [1]),
            helper.make_tensor(
                "worth", TensorProto.DOUBLE, [len(CITIES) + 2], [10.0 * at for at in range(len(CITIES) + 2)]
            ),
        ],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 5)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    if words:
        terms = {"name": "words_0", "column": 0, "longest": 100, "terms": ["good", "bad"], "idf": [1.0, 1.0]}
        helper.set_model_props(model, {WORDS: json.dumps({"choices": [1], "inputs": [terms]})})
    content: bytes = model.SerializeToString()
    return content


@pytest.mark.parametrize("words", [False, True])
def test_an_earlier_model_is_given_its_choices_as_texts(words: bool) -> None:
    """What is in somebody's bucket answers as it did: seen, unseen and missing choices, one row and many."""
    model = OnnxModel(earlier_model(words))
    cities = [*CITIES, None, "basel", "zzz"]
    texts = [["good", one] if words else [one] for one in cities]
    expected = [one + 0.5 + words for one in (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 60.0)]
    answers = model.predict(Rows(np.full((len(cities), 1), 0.5), np.array(texts, dtype=np.object_)))
    assert isinstance(answers, ValueAnswers)
    assert answers.values.tolist() == expected
    for row, value in zip(texts, expected, strict=True):
        assert model.predict_one([0.5], ["" if one is None else one for one in row]) == (None, [value])


def test_codes_are_in_the_order_of_the_schema() -> None:
    """Whichever column of the table an estimator takes first."""
    schema, estimator = CASES["the other order"]
    frame, sample = natural_frame(schema), rows_like(schema)
    estimator.fit(frame.of(sample), score(sample) > 5)
    session = onnxruntime.InferenceSession(
        compile_exactly(estimator, frame), providers=["CPUExecutionProvider"]
    )
    kept = json.loads(session.get_modelmeta().custom_metadata_map[CODES])
    assert kept == [{"column": 0, "choices": list(CITIES)}, {"column": 1, "choices": list(PLANS)}]
