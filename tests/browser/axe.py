"""axe-core, run inside a page: which of its accessibility rules the page breaks, and where."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Page

SCRIPT = files("axe_playwright_python").joinpath("axe.min.js")


def violations(page: Page) -> list[str]:
    """One line for each broken rule: its id, what it asks, and the elements that break it."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(results => results.violations)")
    return [f"{rule['id']}: {rule['help']}: {[node['html'] for node in rule['nodes']]}" for rule in found]
