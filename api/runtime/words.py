"""A transformer of texts to numbers, one for each of the words that it has learnt. For training only.

Its class is known to skops files, so a serving process imports it with an estimator that was not compiled.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from api.runtime.terms import LONGEST_TEXT, MOST_WORDS, Terms, terms_of
from api.runtime.text_features import WORD, Block, ngrams

# Words are learnt from as many texts as have this many characters together.
_CHARACTERS = 8_000_000
# A word that is in one text says nothing of the next.
_FEWEST_TEXTS = 2
# Pairs are counted of words that are frequent themselves: there are too many others to hold in memory.
_WORDS_PAIRED = 20_000
# Stands for the terms where texts have none in common: an estimator needs a column.
_NO_TERM = ""


class Words(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """The TF-IDF of one column of texts, of at most `most` terms: words, and pairs of neighbours.

    Which terms: those in most texts; with `telling` those that most tell the target of the rows that it is
    fitted to. The result is sparse, or with `dense` an array. A missing text is one without words.
    """

    def __init__(
        self, most: int = 4000, telling: bool = False, dense: bool = False, longest: int = LONGEST_TEXT
    ) -> None:
        self.most = most
        self.telling = telling
        self.dense = dense
        self.longest = longest

    def fit(self, table: Any, truth: Any = None) -> Words:
        """Learn terms from texts (rows, 1), with `telling` also from the target (rows,)."""
        texts = _texts(table)
        learnt = _sample(texts, self.longest)
        marks, terms = _marks([texts[at][: self.longest] for at in learnt])
        counts = np.asarray(marks.sum(axis=0)).ravel()
        worth = _worth(marks, np.asarray(truth)[learnt]) if self.telling else counts
        # Terms are in alphabetical order, which decides between equals.
        kept = np.sort(np.argsort(-worth, kind="stable")[: self.most])
        self.terms_ = [terms[int(at)] for at in kept] or [_NO_TERM]
        rows = marks.shape[0]
        self.idf_ = np.log((1 + rows) / (1 + counts[kept])) + 1 if len(kept) else np.ones(1)
        self.n_features_in_ = 1
        return self

    def transform(self, table: Any) -> Any:
        """The TF-IDF of texts (rows, 1), of shape (rows, terms)."""
        texts, terms = _texts(table), self.known
        if self.dense:
            return terms.table(texts, len(texts))
        found = [terms.of(text) for text in texts]
        ends = np.cumsum([0, *(len(at) for at, _ in found)])
        at = np.concatenate([at for at, _ in found]) if found else np.empty(0, dtype=np.int64)
        values = np.concatenate([values for _, values in found]) if found else np.empty(0)
        return scipy.sparse.csr_matrix((values, at, ends), shape=(len(texts), terms.count))

    @property
    def known(self) -> Terms:
        """The terms that it has learnt."""
        return terms_of(self.terms_, self.idf_, self.longest)

    def get_feature_names_out(self, given: Any = None) -> NDArray[np.object_]:
        """The terms."""
        return np.array(self.terms_, dtype=np.object_)


def _texts(table: Any) -> list[str]:
    """The texts of a table of one column; raises ValueError where it has others."""
    values = np.asarray(table, dtype=np.object_)
    if values.ndim != 2 or values.shape[1] != 1:
        raise ValueError(f"one column of texts is needed, not an array of shape {values.shape}")
    return [one if isinstance(one, str) else "" for one in values[:, 0]]


def _sample(texts: list[str], longest: int) -> NDArray[np.int64]:
    """The places of the texts to learn words from: all, or some drawn at random."""
    sizes = np.minimum([len(one) for one in texts], longest)
    order = np.random.default_rng(0).permutation(len(texts))
    enough = int(np.searchsorted(np.cumsum(sizes[order]), _CHARACTERS)) + 1
    return np.sort(order[:enough])


def _marks(texts: list[str]) -> tuple[Any, list[str]]:
    """Which terms are in which texts: a sparse matrix of ones (texts, terms), and the terms."""
    single = Block(WORD, 1, 1, {}, np.empty(0))
    found = [set(ngrams(single, text)) for text in texts]
    words = _frequent(found, _WORDS_PAIRED)
    pairs = Block(WORD, MOST_WORDS, MOST_WORDS, {}, np.empty(0))
    for row, text in enumerate(texts):
        found[row] &= words
        found[row].update(one for one in set(ngrams(pairs, text)) if words.issuperset(one.split(" ")))
    terms = sorted(_frequent(found, None))
    number = {term: at for at, term in enumerate(terms)}
    at = [sorted(number[one] for one in row if one in number) for row in found]
    ends = np.cumsum([0, *map(len, at)])
    columns = np.array([one for row in at for one in row], dtype=np.int64)
    shape = (len(texts), len(terms))
    return scipy.sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=shape), terms


def _frequent(found: list[set[str]], most: int | None) -> set[str]:
    """What is in several texts, of it at most so many that are in most."""
    counts: Counter[str] = Counter()
    for row in found:
        counts.update(row)
    several = [one for one, count in counts.items() if count >= _FEWEST_TEXTS]
    if most is not None and len(several) > most:
        several = sorted(several, key=lambda one: (-counts[one], one))[:most]
    return set(several)


def _worth(marks: Any, truth: NDArray[Any]) -> NDArray[np.float64]:
    """How much each term tells of the target: chi-square of classes, the correlation's square of numbers."""
    rows, with_it = marks.shape[0], np.asarray(marks.sum(axis=0)).ravel()
    without = np.maximum(rows - with_it, 1e-9)
    if truth.dtype.kind == "f":
        spread = float(truth.std()) or 1.0
        sums = np.asarray(marks.T @ ((truth - truth.mean()) / spread)).ravel()
        # The sum over those with the term; over the others it is the opposite.
        worth: NDArray[np.float64] = sums**2 * (1 / with_it + 1 / without)
        return worth
    _, codes = np.unique(truth, return_inverse=True)
    classes = np.eye(int(codes.max()) + 1)[codes]
    shares = classes.mean(axis=0)
    apart = (np.asarray(marks.T @ classes) - with_it[:, None] * shares) ** 2
    worth = (apart / np.maximum(shares, 1e-12)).sum(axis=1) * (1 / with_it + 1 / without)
    return np.asarray(worth, dtype=np.float64)
