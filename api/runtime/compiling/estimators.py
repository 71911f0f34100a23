"""Which converter does which type of estimator, and the compiler that is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sklearn import (
    calibration,
    compose,
    decomposition,
    discriminant_analysis,
    ensemble,
    feature_selection,
    frozen,
    impute,
    linear_model,
    model_selection,
    naive_bayes,
    neighbors,
    neural_network,
    pipeline,
    preprocessing,
    svm,
    tree,
)

from api.errors import CannotCompile
from api.recipes.formulas import Formulas
from api.runtime.answers import Answers
from api.runtime.compiling import (
    bayes,
    boosting,
    calibrating,
    columns,
    encoding,
    forests,
    formulas,
    imputing,
    kernels,
    linear,
    neighbours,
    network,
    one_row,
    projecting,
    scaling,
    words,
    wrappers,
)
from api.runtime.compiling.compilation import Compilation, Outputs, Predictor, Transformer
from api.runtime.compiling.inputs import coded_choices, input_blocks, numbers_width
from api.runtime.frame import Frame
from api.runtime.onnx_model import CLASSES, NUMBERS, PROBABILITIES, VALUES
from api.runtime.rows import Rows
from api.runtime.words import Words

_TRANSFORMERS: dict[type[Any], Transformer] = {
    Formulas: formulas.calculate,
    Words: words.look_up_words,
    compose.ColumnTransformer: columns.column_transformer,
    pipeline.FeatureUnion: columns.feature_union,
    pipeline.Pipeline: columns.pipeline_transform,
    preprocessing.FunctionTransformer: columns.function,
    impute.SimpleImputer: imputing.impute,
    decomposition.PCA: projecting.principal,
    feature_selection.GenericUnivariateSelect: projecting.select,
    feature_selection.RFE: projecting.select,
    feature_selection.RFECV: projecting.select,
    feature_selection.SelectFromModel: projecting.select,
    feature_selection.SelectKBest: projecting.select,
    feature_selection.SelectPercentile: projecting.select,
    feature_selection.SequentialFeatureSelector: projecting.select,
    feature_selection.VarianceThreshold: projecting.select,
    preprocessing.PolynomialFeatures: projecting.polynomial,
    preprocessing.OneHotEncoder: encoding.encode,
    preprocessing.OrdinalEncoder: encoding.encode,
    preprocessing.TargetEncoder: encoding.encode,
    preprocessing.MaxAbsScaler: scaling.largest,
    preprocessing.MinMaxScaler: scaling.smallest_to_largest,
    preprocessing.RobustScaler: scaling.robust,
    preprocessing.StandardScaler: scaling.standard,
}

_LINEAR_REGRESSORS = (
    linear_model.ARDRegression,
    linear_model.BayesianRidge,
    linear_model.ElasticNet,
    linear_model.ElasticNetCV,
    linear_model.HuberRegressor,
    linear_model.Lars,
    linear_model.Lasso,
    linear_model.LassoCV,
    linear_model.LassoLars,
    linear_model.LinearRegression,
    linear_model.QuantileRegressor,
    linear_model.Ridge,
    linear_model.RidgeCV,
    linear_model.SGDRegressor,
    linear_model.TheilSenRegressor,
    svm.LinearSVR,
)
_LINEAR_CLASSIFIERS = (
    linear_model.Perceptron,
    linear_model.RidgeClassifier,
    linear_model.RidgeClassifierCV,
    svm.LinearSVC,
)

_PREDICTORS: dict[type[Any], Predictor] = {
    **dict.fromkeys(_LINEAR_REGRESSORS, linear.regressor),
    **dict.fromkeys(_LINEAR_CLASSIFIERS, linear.classifier),
    discriminant_analysis.LinearDiscriminantAnalysis: linear.logistic,
    linear_model.GammaRegressor: linear.exponential,
    linear_model.PoissonRegressor: linear.exponential,
    linear_model.TweedieRegressor: linear.exponential,
    linear_model.SGDClassifier: linear.stochastic,
    linear_model.LogisticRegression: linear.logistic,
    linear_model.LogisticRegressionCV: linear.logistic,
    naive_bayes.GaussianNB: bayes.gaussian,
    neural_network.MLPClassifier: network.classifier,
    neural_network.MLPRegressor: network.regressor,
    tree.DecisionTreeClassifier: forests.classifier,
    tree.DecisionTreeRegressor: forests.regressor,
    tree.ExtraTreeClassifier: forests.classifier,
    tree.ExtraTreeRegressor: forests.regressor,
    ensemble.RandomForestClassifier: forests.classifier,
    ensemble.RandomForestRegressor: forests.regressor,
    ensemble.ExtraTreesClassifier: forests.classifier,
    ensemble.ExtraTreesRegressor: forests.regressor,
    ensemble.BaggingClassifier: wrappers.bagging_classifier,
    ensemble.BaggingRegressor: wrappers.bagging_regressor,
    compose.TransformedTargetRegressor: wrappers.transformed_target,
    ensemble.GradientBoostingClassifier: boosting.gradient_classifier,
    ensemble.GradientBoostingRegressor: boosting.gradient_regressor,
    ensemble.HistGradientBoostingClassifier: boosting.histogram_classifier,
    ensemble.HistGradientBoostingRegressor: boosting.histogram_regressor,
    ensemble.StackingClassifier: wrappers.stacking_classifier,
    ensemble.StackingRegressor: wrappers.stacking_regressor,
    ensemble.VotingClassifier: wrappers.voting_classifier,
    ensemble.VotingRegressor: wrappers.voting_regressor,
    svm.SVC: kernels.classifier,
    svm.NuSVC: kernels.classifier,
    svm.SVR: kernels.regressor,
    svm.NuSVR: kernels.regressor,
    neighbors.KNeighborsClassifier: neighbours.classifier,
    neighbors.KNeighborsRegressor: neighbours.regressor,
    calibration.CalibratedClassifierCV: calibrating.calibrated,
    frozen.FrozenEstimator: wrappers.frozen,
    model_selection.GridSearchCV: wrappers.search,
    model_selection.RandomizedSearchCV: wrappers.search,
    pipeline.Pipeline: columns.pipeline_predict,
}


def compile_for_many_rows(estimator: Any, frame: Frame) -> bytes | None:
    """Another model of the same estimator, made for many rows at once; None where there is no such form.

    Raises CannotCompile as `compile_exactly` does.
    """
    usual, other = compile_exactly(estimator, frame), compile_exactly(estimator, frame, many_rows=True)
    return None if other == usual else other


def compile_for_one_row(
    estimator: Any, frame: Frame, content: bytes, answer: Callable[[Rows], Answers]
) -> Iterator[bytes]:
    """Forms for one row of the same estimator, any of which may turn out not to be equal to it.

    `content` is what `compile_exactly` made, and `answer` what it answers. Raises CannotCompile where there
    is none.
    """
    if one_row.has_trees(content):
        return one_row.cells(content, frame.schema, answer)
    compilation, outputs = _compiled(estimator, frame, many_rows=False)
    summed = outputs.values if outputs.decision is None else outputs.decision
    if summed is None:
        raise CannotCompile("it decides by nothing that could be summed")
    graph = compilation.graph.build({NUMBERS: numbers_width(frame.schema)}, {one_row.SUMS: summed})
    links = one_row.links(outputs.values is None, outputs.probabilities is None)
    return one_row.sums(graph, frame.schema, links)


def compile_exactly(estimator: Any, frame: Frame, *, many_rows: bool = False) -> bytes:
    """The ONNX model of a fitted estimator that takes `frame`.

    With `many_rows` it may be in a form that is faster for many rows at once, and slower for one.
    Raises CannotCompile, with the reason, where some part of it has no converter.
    """
    compilation, outputs = _compiled(estimator, frame, many_rows)
    named = {CLASSES: outputs.classes, PROBABILITIES: outputs.probabilities, VALUES: outputs.values}
    given = {name: one for name, one in named.items() if one is not None}
    width = numbers_width(frame.schema)
    return compilation.graph.build({NUMBERS: width} if width else {}, given, coded_choices(frame.schema))


def _compiled(estimator: Any, frame: Frame, many_rows: bool) -> tuple[Compilation, Outputs]:
    compilation = Compilation(_TRANSFORMERS, _PREDICTORS, many_rows=many_rows)
    try:
        return compilation, compilation.predict(estimator, input_blocks(compilation.graph, frame))
    # Converters read attributes that another version of scikit-learn may not have.
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise CannotCompile(f"its converter failed with {error!r}") from error
