"""What axe says of a page, in words that say where."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

LOOKS = ("color-contrast", "scrollable-region-focusable", "meta-viewport", "link-in-text-block")
"""The rules whose answer may change with colours and width; all others read what the page is made of."""
COLOURS = "color-contrast"
RUN = """async ({ rules, known }) => {
  const found = async (where, options) => {
    const { violations } = await axe.run(where, {
      resultTypes: ["violations"], preload: { assets: ["media"] }, ...options,
    });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => [id, node.target, node.failureSummary]));
  };
  const behind = new Map([[null, ""]]);
  const liesBehind = (element) => {
    if (!behind.has(element)) {
      const { backgroundColor, backgroundImage, opacity, position, filter, mixBlendMode } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, position, filter, mixBlendMode].join();
      const further = liesBehind(element.parentElement);
      behind.set(element, own === "rgba(0, 0, 0, 0),none,1,static,none,normal" ? further : `${own}|${further}`);
    }
    return behind.get(element);
  };
  const worn = (element) => {
    const own = getComputedStyle(element);
    const isOff = element.matches(":disabled, [aria-disabled]");
    return [own.color, own.fontSize, own.fontWeight, own.textShadow, isOff, liesBehind(element)].join("|");
  };
  const texts = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
    node.data.trim() && node.parentElement.checkVisibility() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const written = [...document.querySelectorAll("input, textarea, select")].filter((each) => each.checkVisibility());
  while (walker.nextNode()) written.push(walker.currentNode.parentElement);
  for (const each of new Set(written)) {
    const looks = worn(each);
    if (!known.includes(looks) && !texts.has(looks)) texts.set(looks, each);
  }
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  return [[
    ...twice.map((id) => ["two of one id", `#${id}`, ""]),
    ...(await found(document, rules)),
    ...(texts.size ? await found({ include: [...texts.values()] }, { runOnly: ["color-contrast"] }) : []),
  ], [...texts.keys()]];
}"""
"""What it passed and what does not concern the page are thousands of lines, and stay in the browser. No rule that runs
reads the style sheets themselves, so they are not read into axe before.

Contrast takes more than all else, so each way that letters are worn (their colour, size and weight, and what lies
behind them) is looked at once: `known` are those that have been.
"""


def violations(page: Page, rules: tuple[str, ...] = (), known: set[str] | None = None) -> list[str]:
    """What axe finds by all its rules, or by those given, and ids that stand twice, which it lets pass. `known`
    remembers what letters have been looked at."""
    known = set() if known is None else known
    others = [rule for rule in rules if rule != COLOURS]
    run = {"runOnly": {"type": "rule", "values": others}} if rules else {"rules": {COLOURS: {"enabled": False}}}
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found, looked_at = page.evaluate(RUN, {"rules": run, "known": sorted(known)})
    if not found:
        known.update(looked_at)
    return [f"{rule}: {target} {summary}" for rule, target, summary in found]
