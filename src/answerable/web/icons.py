"""The icons, read once from the sprite: Lucide (ISC), see `static/web/icons.LICENSE.txt`.

They are put into the page itself rather than referred to, so that they show at once, take the colour of the
text around them and need no second request on an error page.
"""

import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "web" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)" viewBox="0 0 24 24">(.*)</symbol>')


class UnknownIcon(LookupError):
    """No icon of that name is in the sprite."""


@cache
def icons() -> dict[str, str]:
    """Every icon's shapes (SVG, 24 by 24 units, to be stroked) by its name."""
    return dict(SYMBOL.findall(SPRITE.read_text(encoding="utf-8")))


def shapes(name: str) -> str:
    """The SVG inside icon `name`. Raises UnknownIcon, naming the nearest ones."""
    try:
        return icons()[name]
    except KeyError:
        near = ", ".join(get_close_matches(name, icons(), n=3, cutoff=0.4)) or "none comes near"
        raise UnknownIcon(f"There is no icon “{name}” in {SPRITE.name}. Did you mean: {near}?") from None
