"""Texts that are the same or nearly so, found among very many without comparing each with each.

MinHash (Broder, "On the resemblance and containment of documents", 1997): texts that agree in the smallest
hashes of their words are looked at closely, all others are not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from api.recipes.job_descriptions import NEARLY_THE_SAME
from api.runtime.text_features import words

_BANDS, _HASHES = 8, 3
_PRIME = np.uint64(2**31 - 1)
_CHUNK = 5000
# By hashes alone, likeness is known to about 0.1.
_WORTH_A_LOOK = NEARLY_THE_SAME - 0.15


def groups_of_alike(texts: Sequence[str] | NDArray[np.object_]) -> NDArray[np.int64]:
    """The number of the group of each text, of shape (texts,): alike texts have the same one.

    Two texts are alike where they have more than `NEARLY_THE_SAME` of their words in common, or where
    others between them are alike in turn. A pair just above that share may be missed.
    """
    own = _word_numbers(texts)
    hashes = np.concatenate(
        [_smallest_hashes(own[at : at + _CHUNK]) for at in range(0, len(own), _CHUNK)]
        or [np.empty((0, _BANDS * _HASHES), dtype=np.uint64)]
    )
    pairs = _candidates(hashes)
    alike = [_share(own[a], own[b]) > NEARLY_THE_SAME for a, b in pairs]
    first, second = pairs[np.array(alike, dtype=bool)].T
    links = scipy.sparse.coo_array((np.ones(len(first)), (first, second)), shape=(len(own), len(own)))
    numbers: NDArray[np.int64] = connected_components(links, directed=False)[1].astype(np.int64)
    return numbers


def _word_numbers(texts: Sequence[str] | NDArray[np.object_]) -> list[NDArray[np.int32]]:
    """The distinct words of each text as ascending numbers; a text without any has the number 0 alone."""
    known: dict[str, int] = {"": 0}
    return [
        np.array(sorted({known.setdefault(word, len(known)) for word in words(text)} or {0}), dtype=np.int32)
        for text in texts
    ]


def _smallest_hashes(own: Sequence[NDArray[np.int32]]) -> NDArray[np.uint64]:
    """The smallest of each hash over a text's words, of shape (texts, hashes)."""
    random = np.random.default_rng(0)
    factors, offsets = random.integers(1, _PRIME, (2, _BANDS * _HASHES), dtype=np.uint64)
    flat = np.concatenate(own).astype(np.uint64) + np.uint64(1)
    starts = np.cumsum([0, *(len(one) for one in own[:-1])])
    return np.stack(
        [np.minimum.reduceat((flat * a + b) % _PRIME, starts) for a, b in zip(factors, offsets, strict=True)],
        axis=1,
    )


def _candidates(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Pairs (pairs, 2) of texts that agree in a band: each with the first of all that do."""
    found = [np.empty((0, 2), dtype=np.int64)]
    for band in np.split(hashes, _BANDS, axis=1):
        key = (band[:, 0] * _PRIME + band[:, 1]) * _PRIME + band[:, 2]
        _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        pairs = np.stack([first[inverse], np.arange(len(key))], axis=1)
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        agreeing = (hashes[pairs[:, 0]] == hashes[pairs[:, 1]]).mean(axis=1)
        found.append(pairs[agreeing >= _WORTH_A_LOOK])
    return np.unique(np.concatenate(found), axis=0)


def _share(one: NDArray[np.int32], other: NDArray[np.int32]) -> float:
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)
