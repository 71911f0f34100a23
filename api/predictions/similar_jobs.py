"""Similar jobs: from experiences to job titles, and what a title takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from api.errors import NotTrained, UnknownModel, UnknownTitle
from api.predictions.asking import Asking
from api.predictions.experience import EXPERIENCE, Experience
from api.predictions.reasons import Reason, reasons_of, refuse_too_long
from api.predictions.record import Recorder
from api.registry.card import Card
from api.runtime.load import LoadedModel
from api.runtime.serving import ServingModels
from api.runtime.text_model import TextModel

MODEL = "similar_jobs"

MOST_TITLES_EXPLAINED = 10
# Of a probability, in the answer and on record.
DECIMALS = 12

_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every title with its probability, the most probable first, by the version that `card` describes.

    `id` is the request's. `unknown` are the places, from 0, of experiences of which no word is known; where
    that is all of them, `base_rates` is true, and the probabilities say only how frequent each title was in
    training. `reasons` are those of the first titles, as many as were asked for, of each experience that is
    known.
    """

    id: str
    card: Card
    results: tuple[tuple[str, float], ...]
    unknown: tuple[int, ...]
    base_rates: bool
    reasons: tuple[tuple[Reason, ...], ...] = ()


class SimilarJobs:
    """Asks the model `similar_jobs`; every method raises NotTrained where there is none."""

    def __init__(self, models: ServingModels, recorder: Recorder | None = None) -> None:
        self._models = models
        self._recorder = recorder

    def rank(self, experiences: Sequence[Experience], asking: Asking, explained: int = 0) -> Ranking:
        """The titles that fit some experiences; each weighs as much as it has years, in whatever order.

        The first `explained` titles come with reasons, at most MOST_TITLES_EXPLAINED; raises InvalidInput
        where there is more text than is explained. Raises NotRecorded where the answer cannot be recorded,
        as it is with the first title as the answer.
        """
        loaded, model = self._model()
        if explained:
            refuse_too_long(experiences)
        started = time.perf_counter()
        known = {at: one for at, one in enumerate(experiences) if model.knows(one.text)}
        unknown = tuple(at for at in range(len(experiences)) if at not in known)
        # Sorted, because sums in another order may differ in their last digit.
        probabilities = _mean(model, sorted(known.values())) if known else model.base_rates
        labels = [one.label for one in loaded.card.target.classes]
        ordered = sorted(
            zip(range(len(labels)), labels, probabilities.tolist(), strict=True),
            key=lambda one: (-one[2], one[1]),
        )
        seconds = time.perf_counter() - started
        results = tuple((label, probability) for _, label, probability in ordered)
        first = [number for number, _, _ in ordered[: min(explained, MOST_TITLES_EXPLAINED)]]
        reasons = reasons_of(model, known, first) if known and first else ()
        if self._recorder is not None:
            inputs = {EXPERIENCE: [asdict(one) for one in experiences]}
            shares = [(title, round(share, DECIMALS)) for title, share in results]
            self._recorder.record_shares(asking, loaded.card, inputs, shares, seconds)
        return Ranking(asking.id, loaded.card, results, unknown, not known, reasons)

    def titles(self) -> list[str]:
        """All titles, in alphabetical order."""
        return sorted(self._model()[1].skills)

    def skills(self, title: str) -> tuple[str, list[str]]:
        """A title as the model writes it, and its skills, the most its own first; raises UnknownTitle."""
        skills = self._model()[1].skills
        wanted = " ".join(title.replace("_", " ").lower().split())
        for known, its in skills.items():
            if known.lower() == wanted:
                return known, list(its)
        raise UnknownTitle(title, _nearest(wanted, sorted(skills)))

    def _model(self) -> tuple[LoadedModel, TextModel]:
        try:
            loaded = self._models.get(MODEL)
        except UnknownModel:
            raise NotTrained(MODEL) from None
        if not isinstance(loaded.model, TextModel):
            raise NotTrained(MODEL)
        return loaded, loaded.model


def _mean(model: TextModel, experiences: Sequence[Experience]) -> NDArray[np.float64]:
    """The mean of the probabilities for each experience, weighted by its years."""
    years = np.array([one.years for one in experiences])
    shares = model.probabilities([one.text for one in experiences])
    mean: NDArray[np.float64] = np.average(shares, axis=0, weights=years)
    return mean


def _nearest(wanted: str, titles: Sequence[str]) -> list[str]:
    """The titles that are written most like what was wanted, or share a word with it."""

    def likeness(title: str) -> float:
        shared = len(set(wanted.split()) & set(title.split()))
        return shared + SequenceMatcher(None, wanted[:100], title).ratio()

    return sorted(titles, key=lambda title: (-likeness(title), title))[:_NEAREST]
