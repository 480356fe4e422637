"""HTML kept from costing more than it is worth.

The HTML parser below the cleaner needs time in the square of several things, none of which can be trusted before
parsing, so that all are counted beforehand:

- of the nesting: 10,000 nested `div` take 0.4 s, 50,000 take 11 s. A closing tag that closes nothing is looked for in
  all that is open: 8,000 open `i` and 100,000 `</b>` take 6 s. So not depth but the number of tags is limited: in a
  document of more, all but the elements that don't nest lose their name, and keep their text;
- of what formats, as each `font` is compared with those that are open: 8,000 take 3 s;
- of the attributes of `html`, which are collected from all there are: 50,000 take 30 s;
- of the references: a million `&` take 11 s.
"""

import re
from itertools import islice

MAX_TAGS = 16_000
"""Opening and closing."""
MAX_FORMATTING = 3_000
MAX_ROOTS = 100
MOST_TAGS = 50_000
"""Where a document is cut, as each link grows by the attributes that make it safe."""
MOST_REFERENCES = 100_000
"""Likewise."""
FLAT = "p|br|hr|li|tr|td|th|table|tbody|thead|a|img|head|body|script|style|title"
TAG = re.compile(r"</?[a-zA-Z]")
OPENING = re.compile(r"<[a-zA-Z]")
FORMATTING = re.compile(r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]", re.IGNORECASE)
ROOT = re.compile(r"<html", re.IGNORECASE)
NESTING = re.compile(rf"<(/?)(?!(?:{FLAT})[\s/>])[a-zA-Z][^\s/<>]*", re.IGNORECASE)


def flattened(html: str, limit: int) -> tuple[str, bool]:
    """HTML cut at `limit` characters and flattened when it would cost too much; whether any of it happened."""
    cut = html[:limit]
    if cut.count("&") > MOST_REFERENCES:
        cut = "&".join(cut.split("&", MOST_REFERENCES)[:-1])
    if not _is_dear(cut):
        return cut, len(html) > len(cut)
    places = [match.start() for match in islice(OPENING.finditer(cut), MOST_TAGS)]
    if len(places) == MOST_TAGS:
        cut = cut[: places[-1]]
    return NESTING.sub(r"<\1wbr", cut), True


def _is_dear(html: str) -> bool:
    """Whether there is more of anything than parsing can take."""
    limits = ((TAG, MAX_TAGS), (FORMATTING, MAX_FORMATTING), (ROOT, MAX_ROOTS))
    return any(sum(1 for _each in islice(what.finditer(html), most + 1)) > most for what, most in limits)
