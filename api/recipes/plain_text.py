"""Plain text of what people put into a table: without tags and control characters, and not endlessly long."""

from __future__ import annotations

import re
from html import unescape

# More of an advert is about the firm, its benefits and how to apply.
LONGEST = 2000

_HIDDEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
# Tags between which words do not belong together: paragraphs, items, cells, headings.
_BLOCK = re.compile(
    r"</?(?:p|br|li|ul|ol|div|td|th|tr|table|h[1-6]|section|dd|dt|hr)\b[^<>]{0,500}>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\ufeff]")
_BLANKS = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"\s*\n\s*")


def has_tags(text: str) -> bool:
    """Whether a text is written in HTML, as far as its tags tell."""
    return "<" in text and _TAG.search(text) is not None


def plain(text: str) -> str:
    """The text without tags, with entities resolved and single blanks; lines and items stay lines."""
    if "<" in text:
        text = _TAG.sub(" ", _BLOCK.sub("\n", _HIDDEN.sub("\n", text)))
    if "&" in text:
        text = unescape(text)
    text = _CONTROL.sub(" ", text.replace("\r", "\n"))
    return _BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip()


def cut(text: str) -> str:
    """At most `LONGEST` characters of a text, up to the end of a word."""
    if len(text) <= LONGEST:
        return text
    end = max(text.rfind(" ", 0, LONGEST), text.rfind("\n", 0, LONGEST))
    return text[: end if end > LONGEST // 2 else LONGEST]
