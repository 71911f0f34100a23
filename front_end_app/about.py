"""A model's card in words: what it does, what it learnt from, how it is run. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from .cards import Card
from .entries import readable
from .fields import Field
from .figures import percent
from .forms import range_text
from .origins import Parity

MOST_NAMED = 6
"""Classes and choices up to this many are all named in a sentence."""

MOST_NOTES = 5
"""Notes that are shown at once; of more, the others are to be opened."""

KINDS = {
    "number": "a number",
    "integer": "a whole number",
    "choice": "a choice",
    "text": "text",
    "boolean": "yes or no",
}


def predicts(card: Card) -> str:
    """What a model predicts, as a sentence."""
    title = card.target.title
    # A name in capitals is left as it is.
    title = title[:1].lower() + title[1:] if title[1:] == title[1:].lower() else title
    if card.regression:
        return f"It predicts a number: {title}."
    labels = [label for _, label in card.target.classes]
    if not labels:
        return f"It predicts {title}."
    if card.routes:
        return f"It ranks {len(labels)} {title}s by how well they fit: {', '.join(labels[:3])} and so on."
    return f"It predicts {title}: {listed(labels, 'classes')}."


def listed(names: Sequence[str], what: str) -> str:
    """Names in a sentence: "a, b or c"; of many, how many there are of `what`, and a few of them."""
    shown = [readable(name) for name in (names if len(names) <= MOST_NAMED else names[:3])]
    text = f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else "".join(shown)
    return text if len(names) <= MOST_NAMED else f"one of {len(names)} {what}, for example {text}"


def learnt_from(card: Card) -> str:
    """From how many rows a model learnt, as a sentence."""
    rows = card.origin.rows
    if rows.training is not None:
        return f"It learnt from {_rows(rows.training)}."
    if rows.sample is not None:
        return f"It learnt elsewhere, and came with {_rows(rows.sample)} as a sample."
    return "It learnt elsewhere; from how many rows is not known."


def measured_on(card: Card) -> str:
    """What the figures were measured on, as a sentence."""
    rows = card.origin.rows
    if not card.figures:
        return "Nobody has measured it: there were no rows with known answers to try it on."
    if rows.hold_out is not None:
        return f"Measured on {_rows(rows.hold_out)} that it had not learnt from."
    if rows.sample is not None:
        return f"Measured on the {_rows(rows.sample)} it came with, which it may have learnt from."
    return "On which rows it was measured is not known."


def measured_briefly(card: Card) -> str:
    """How good a model is, in the one sentence that its form has room for; "" if it is not known."""
    accuracy, error = card.figures.get("accuracy"), card.figures.get("mean_absolute_error")
    tried = card.origin.rows.hold_out
    if accuracy is not None and tried:
        right = round(accuracy * tried)
        if card.routes:
            return f"Tried on {tried} texts it had not learnt from, its first title was right for {right}."
        return f"Tried on {_rows(tried)} it had not learnt from, it was right in {right}."
    if accuracy is not None:
        return f"It was right in {percent(accuracy)} of the rows it was measured on."
    if error is not None:
        return f"On average its answers were {error:.4g} away from the truth."
    return ""


def made(card: Card) -> str:
    """Which version this is and when it came, as a sentence."""
    verb = "trained" if card.origin.rows.training is not None else "taken in"
    when = _date(card.origin.trained_at)
    return (
        f"This is version {card.version}, {verb} on {when}." if when else f"This is version {card.version}."
    )


def run_as(card: Card) -> tuple[str, ...]:
    """How the answers are computed, and what proves them, as sentences."""
    runtime = card.origin.runtime
    if runtime.parity:
        return ("It is run in a compiled form, which answers faster.", _proof(card, runtime.parity))
    if runtime.format == "skops":
        return ("It is run as it was made, by scikit-learn itself.",)
    return ()


def example_note(field: Field) -> str:
    """What a field takes, in a few words, for the table of fields."""
    if field.kind != "choice":
        seen = range_text(field)
        return f"{KINDS[field.kind]}{' in ' + field.unit if field.unit else ''}. {seen}".rstrip(". ") + "."
    others = "; or another" if field.others_allowed else ""
    return f"{listed([choice.value for choice in field.choices], 'values')}{others}."


def _proof(card: Card, parity: Parity) -> str:
    compared = f"Before it was let in, it was compared with the original on {_rows(parity.rows)}"
    same = _how_equal(parity.largest_difference, " of their spread" if card.regression else "")
    if card.regression:
        return f"{compared}: its answers were {same}."
    if not card.target.probabilities:
        return f"{compared}: it named the same class each time."
    return f"{compared}: it named the same class each time, and its probabilities were {same}."


def _how_equal(difference: float, measure: str) -> str:
    """How close two answers are, in words, and never closer than they are."""
    if difference == 0:
        return "exactly the same"
    if difference <= 1e-12:
        return "the same but for the last digits that a computer keeps"
    for power, word in ((9, "a billionth"), (6, "a millionth"), (3, "a thousandth")):
        if difference <= 1.1 * 10**-power:
            return f"the same to within {word}{measure}"
    return f"the same to within {difference:.2g}{measure}"


def _rows(count: int) -> str:
    grouped = f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}") if count >= 10_000 else str(count)
    return f"{grouped} row{'s' if count != 1 else ''}"


def _date(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y}"
