"""What axe says of a page, in words that say where."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LOOKS = ("color-contrast", "scrollable-region-focusable", "meta-viewport", "link-in-text-block")
"""The rules whose answer may change with colours and width; all others read what the page is made of."""


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds by all its rules, or by those given."""
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    told = Axe().run(page, options={"resultTypes": ["violations"], **only}).response["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in told for node in each["nodes"]]
