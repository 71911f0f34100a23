"""A page as a test reads it: its elements with their attributes and text, by the standard parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"img", "input", "link", "meta", "br", "rect"}


@dataclass
class Element:
    """One element: its tag, its attributes (a bare one is ""), and all text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    def get(self, name: str) -> str | None:
        """An attribute, or None where it is not there."""
        return self.attributes.get(name)


@dataclass
class Page:
    """All elements in document order."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, **wanted: str) -> list[Element]:
        """The elements of a tag whose attributes have these values."""
        return [e for e in self.elements if e.tag == tag and all(e.get(k) == v for k, v in wanted.items())]

    def one(self, tag: str, **wanted: str) -> Element:
        """The only such element."""
        (element,) = self.all(tag, **wanted)
        return element

    @property
    def title(self) -> str:
        """What stands in the browser's tab."""
        return self.one("title").text

    @property
    def heading(self) -> str:
        """The first-level heading; there is exactly one."""
        return self.one("h1").text

    @property
    def typed(self) -> dict[str, str]:
        """The text fields' values by name."""
        return {e.attributes["name"]: e.attributes["value"] for e in self.all("input", type="text")}


def read_page(html: str) -> Page:
    """The page in this HTML; raises AssertionError where elements do not nest."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"never closed: {[element.tag for element in reader.open]}"
    return Page(reader.elements)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"<{closed.tag}> closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data
