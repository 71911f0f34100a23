"""From a request's query and body to the job titles that fit what somebody has done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import BadRequest

from api.predictions.asking import Asking
from api.predictions.experience import experiences_of
from api.predictions.reasons import Reason
from api.predictions.similar_jobs import DECIMALS, MOST_TITLES_EXPLAINED, Ranking, SimilarJobs
from api.schema.problems import echo
from api.web.answer import Answer, json_answer


@dataclass(frozen=True, slots=True)
class TitlesAsked:
    """What the query asks for: so many titles, None for all, and with or without reasons."""

    top: int | None = None
    explain: bool = False

    @property
    def explained(self) -> int:
        """How many titles come with reasons."""
        if not self.explain:
            return 0
        return MOST_TITLES_EXPLAINED if self.top is None else min(self.top, MOST_TITLES_EXPLAINED)


def titles_asked(pairs: Sequence[tuple[str, str]]) -> TitlesAsked:
    """What the query asks for; raises BadRequest naming everything that is wrong with it."""
    names, given = [name for name, _ in pairs], dict(pairs)
    wrong = [
        f"{echo(name)!r} is no parameter here; there are top and explain."
        for name in given
        if name not in ("top", "explain")
    ]
    wrong += [f"{name} came more than once." for name in ("top", "explain") if names.count(name) > 1]
    top, explain = given.get("top"), given.get("explain")
    if top is not None and not (top.isascii() and top.isdigit() and len(top) <= 9 and int(top) >= 1):
        wrong.append("top must be how many titles to answer with: a whole number, 1 or more.")
    if explain not in (None, "0", "1"):
        wrong.append("explain must be 1, for the words that spoke for and against, or 0.")
    if wrong:
        raise BadRequest(" ".join(wrong[:10]))
    return TitlesAsked(None if top is None else int(top), explain == "1")


def answer_titles(jobs: SimilarJobs, asked: TitlesAsked, body: Any, asking: Asking) -> Answer:
    """The titles that were asked for, for `{"experience": [{"description": …}, …]}`.

    Raises InvalidInput, or what ranking raises.
    """
    return json_answer(_answer(jobs.rank(experiences_of(body), asking, asked.explained), asked.top))


def _answer(ranking: Ranking, top: int | None) -> dict[str, Any]:
    results: list[dict[str, Any]] = [
        {"probability": round(probability, DECIMALS), "title": title}
        for title, probability in ranking.results[:top]
    ]
    for result, reasons in zip(results, ranking.reasons, strict=False):
        result["explanation"] = [_reason(one) for one in reasons]
    answer: dict[str, Any] = {
        "results": results,
        "id": ranking.id,
        "model": ranking.card.name,
        "version": ranking.card.version,
    }
    if ranking.unknown:
        answer["base_rates"] = ranking.base_rates
        answer["warnings"] = [
            {"field": f"experience/{at}/description", "message": "The model knows none of its words."}
            for at in ranking.unknown
        ]
    return answer


def _reason(reason: Reason) -> dict[str, Any]:
    """A reason with all its digits, so that base and weights add up to the score."""
    return {
        "experience": reason.experience,
        "share": reason.share,
        "probability": reason.probability,
        "score": reason.score,
        "base": reason.base,
        "words": [
            {
                "word": one.word,
                "in": one.member,
                "start": one.start,
                "end": one.end,
                "weight": one.weight,
            }
            for one in reason.words
        ],
    }
