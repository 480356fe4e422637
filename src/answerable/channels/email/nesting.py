"""HTML kept from costing more than it is worth.

The HTML parser below the cleaner needs time in the square of the nesting: 10,000 nested `div` take 0.4 s,
50,000 take 11 s. No closing tag can be trusted before parsing, so not depth but the number of tags is
limited: in a document of more, all but the elements that don't nest lose their name, and keep their text.
"""

import re
from itertools import islice

MAX_TAGS = 8_000
MOST_TAGS = 50_000
"""Where a document is cut, as each link grows by the attributes that make it safe."""
FLAT = "p|br|hr|li|tr|td|th|table|tbody|thead|a|img|b|i|u|em|strong|font|head|html|body|script|style|title"
OPENING = re.compile(r"<[a-zA-Z]")
NESTING = re.compile(rf"<(/?)(?!(?:{FLAT})[\s/>])[a-zA-Z][^\s/<>]*", re.IGNORECASE)


def flattened(html: str, limit: int) -> tuple[str, bool]:
    """HTML cut at `limit` characters and flattened when it has too many tags; whether any of it happened."""
    cut = html[:limit]
    places = [match.start() for match in islice(OPENING.finditer(cut), MOST_TAGS)]
    if len(places) <= MAX_TAGS:
        return cut, len(html) > limit
    if len(places) == MOST_TAGS:
        cut = cut[: places[-1]]
    return NESTING.sub(r"<\1wbr", cut), True
