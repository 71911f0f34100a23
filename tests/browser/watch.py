"""A browser page that is watched: what it asked for, and what it complained of."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

STATUS = "Failed to load resource: the server responded with a status of"


@dataclass
class Watched:
    """What happened on a page from its opening on."""

    hosts: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def request(self, request: Request) -> None:
        """Note which host was asked."""
        self.hosts.add(str(urlsplit(request.url).hostname))
        if request.is_navigation_request():
            self.documents.add(request.url)

    def message(self, message: ConsoleMessage) -> None:
        """Note warnings and errors, except that a page itself came with an error status."""
        own_status = message.text.startswith(STATUS) and message.location["url"] in self.documents
        if message.type in ("warning", "error") and not own_status:
            self.complaints.append(f"{message.type}: {message.text}")

    def error(self, error: Error) -> None:
        """Note a script that failed."""
        self.complaints.append(str(error))


def watch(page: Page) -> Watched:
    """Start watching a page."""
    watched = Watched()
    page.on("request", watched.request)
    page.on("console", watched.message)
    page.on("pageerror", watched.error)
    return watched
