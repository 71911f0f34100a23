"""What the usual query says, as a row, without loops.

It has all fields in their order, written as the record has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from api.predictions.plain_fields import Given, Place
from api.runtime.one_row.unrolled import MOST, made_of

# The texts of a query's fields, as a row as the model takes it and the record has it; None where it is not
# plain.
Reading = Callable[[Sequence[str]], tuple[list[float], Sequence[str], str] | None]
# By the words of a query, what the model takes for them and what the record writes.
Words = Mapping[str, tuple[Given, str]]

# How a field is read: as a number, as a word that stands for one, or as a word.
NUMBER, NUMBER_WORD, WORD = "n", "b", "t"


def usual_reading(places: Sequence[Place], kinds: str, words: Sequence[Words], inputs: str) -> Reading | None:
    """What reads the texts of fields that are read as `kinds` says, a letter each.

    `words` are those of the fields that have some, in their order; `inputs` is for `%` and all texts. None
    where there are no fields, or more than `MOST`.
    """
    if not 0 < len(kinds) <= MOST:
        return None
    bounds = [(place.low, place.high) for place, kind in zip(places, kinds, strict=True) if kind == NUMBER]
    return _maker(kinds)(bounds, words, inputs)


@cache
def _maker(kinds: str) -> Callable[..., Reading]:
    """What makes the function, for fields that are read so."""
    measured = [at for at, kind in enumerate(kinds) if kind == NUMBER]
    worded = [at for at, kind in enumerate(kinds) if kind != NUMBER]
    numbers = [f"n{at}" if kind == NUMBER else f"g{at}" for at, kind in enumerate(kinds) if kind != WORD]
    texts = [f"g{at}" for at, kind in enumerate(kinds) if kind == WORD]
    written = [f"g{at}" if kind == NUMBER else f"w{at}" for at, kind in enumerate(kinds)]
    row = f"[{', '.join(numbers)}], {'[' + ', '.join(texts) + ']' if texts else '()'}"
    lines = [
        "def make(bounds, words, inputs):",
        *(f"    low{at}, high{at} = bounds[{count}]" for count, at in enumerate(measured)),
        *(f"    words{at} = words[{count}]" for count, at in enumerate(worded)),
        "    def read(said):",
        f"        {''.join(f'g{at}, ' for at in range(len(kinds)))} = said",
        "        try:",
        *(f"            n{at} = float(g{at})" for at in measured),
        *(f"            g{at}, w{at} = words{at}[g{at}]" for at in worded),
        "        except KeyError:",
        "            return None",
        *(f"        if not low{at} <= n{at} <= high{at}:\n            return None" for at in measured),
        f"        return {row}, inputs % ({', '.join(written)},)",
        "    return read",
    ]
    return made_of(lines)
