"""Words: the numbers that a text becomes are worked out before the graph runs, and are an input of it."""

from __future__ import annotations

from typing import Any

from api.errors import CannotCompile
from api.runtime.compiling.blocks import Blocks, Texts, whole
from api.runtime.compiling.compilation import Compilation


def look_up_words(c: Compilation, transformer: Any, blocks: Blocks) -> Blocks:
    """A column for each term of the one column of texts."""
    if len(blocks) != 1 or not isinstance(blocks[0], Texts):
        raise CannotCompile("words are of one field of free text")
    terms = transformer.known
    return [whole(c.graph.words(blocks[0].column, terms), terms.count)]
