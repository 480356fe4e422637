"""What axe says of a page, in words that say where."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOKS = ("color-contrast", "scrollable-region-focusable", "meta-viewport", "link-in-text-block")
"""The rules whose answer may change with colours and width; all others read what the page is made of."""
RUN = """async (only) => {
  const { violations } = await axe.run({ resultTypes: ["violations"], ...only });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => [id, node.target, node.failureSummary]));
}"""
"""What it passed and what does not concern the page are thousands of lines, and stay in the browser."""


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds by all its rules, or by those given."""
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    page.evaluate(AXE_SCRIPT)
    return [f"{rule}: {target} {summary}" for rule, target, summary in page.evaluate(RUN, only)]
