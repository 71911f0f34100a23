"""The instruments of these tests: what they say is missing, they would have seen."""

from __future__ import annotations

from playwright.sync_api import Browser

from .axe import violations
from .watch import watch


def test_the_watch_sees_other_hosts_and_blocked_styles(browser: Browser, site: str) -> None:
    """A request to elsewhere, an inline style and a failing script would each fail a test."""
    page = browser.new_page()
    watched = watch(page)
    page.goto(site)
    assert watched.complaints == []
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"http://elsewhere.invalid/x.png\">')"
    )
    page.evaluate("setTimeout(() => { throw new Error('a failing script') })")
    page.wait_for_event("pageerror")
    assert any("style" in complaint for complaint in watched.complaints)
    assert any("elsewhere.invalid" in complaint for complaint in watched.complaints)
    assert any("a failing script" in complaint for complaint in watched.complaints)
    page.close()


def test_axe_sees_a_missing_label_and_pale_text(browser: Browser, site: str) -> None:
    """So an empty list of violations says something."""
    page = browser.new_page()
    page.goto(site)
    page.locator("label").first.evaluate("label => label.remove()")
    page.locator("h1").evaluate("heading => { heading.style.color = '#ddd' }")
    found = {violation.split(":")[0] for violation in violations(page)}
    assert {"label", "color-contrast"} <= found
    page.close()
